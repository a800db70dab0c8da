package io.slipway.registry;

import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import io.slipway.registry.v1.Model;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Models with their newest version. */
@Repository
class ModelRows {

  private static final String MODELS =
      """
      select m.id, m.create_time, v.number, v.task from model m
      join lateral (
        select number, task from model_version
        where tenant = m.tenant and model_id = m.id order by number desc limit 1) v on true
      where m.tenant = ? and m.delete_time is null""";

  private final JdbcClient db;

  ModelRows(JdbcClient db) {
    this.db = db;
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  Model get(String tenant, ModelId model) {
    return db.sql(MODELS + " and m.id = ?")
        .params(tenant, model.toString())
        .query(RegistryMessages::model)
        .optional()
        .orElseThrow(() -> SlipwayException.notFound(model.name()));
  }

  /** In the order of their ids. */
  Page<Model> list(String tenant, PageRequest page) {
    return page.page(
        db.sql(MODELS + " and m.id > ? order by m.id limit ?")
            .params(tenant, page.after(), page.limit())
            .query(RegistryMessages::model)
            .list(),
        Model::getId);
  }
}
