package io.slipway.catalog.imports;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The tables {@code imported_version} and {@code deleted_model}. Events about a model and about its
 * versions may come in any order; their times decide.
 */
@Component
public class ImportedVersions {

  private record Imported(String hubModelId, String modelVersion) {}

  private final JdbcClient db;

  ImportedVersions(JdbcClient db) {
    this.db = db;
  }

  /** A version was registered that came from the hub; nothing if its model was deleted since. */
  void add(String tenant, String modelVersion, String hubModelId, Instant time) {
    db.sql(
            """
            insert into imported_version (tenant, model_version, hub_model_id, register_time)
            select :tenant, :version, :hubModel, :time
            where not exists (select from deleted_model
              where tenant = :tenant and delete_time >= :time
                and starts_with(:version, model || '/versions/'))
            on conflict (tenant, model_version) do update
              set hub_model_id = excluded.hub_model_id, register_time = excluded.register_time""")
        .param("tenant", tenant)
        .param("version", modelVersion)
        .param("hubModel", hubModelId)
        .param("time", OffsetDateTime.ofInstant(time, ZoneOffset.UTC))
        .update();
  }

  /** A model was deleted with all versions that it had then. */
  void remove(String tenant, String model, Instant time) {
    OffsetDateTime deleted = OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    db.sql(
            """
            insert into deleted_model (tenant, model, delete_time) values (?, ?, ?)
            on conflict (tenant, model) do update
              set delete_time = greatest(deleted_model.delete_time, excluded.delete_time)""")
        .params(tenant, model, deleted)
        .update();
    db.sql(
            """
            delete from imported_version
            where tenant = ? and starts_with(model_version, ? || '/versions/') and register_time <= ?""")
        .params(tenant, model, deleted)
        .update();
  }

  /** A tenant's versions of some of the hub's models, by the hub's id; the newest first. */
  public Map<String, List<String>> of(String tenant, Collection<String> hubModelIds) {
    return db
        .sql(
            """
            select hub_model_id, model_version from imported_version
            where tenant = ? and hub_model_id = any(?) order by register_time desc, model_version desc""")
        .params(tenant, hubModelIds.toArray(String[]::new))
        .query(Imported.class)
        .list()
        .stream()
        .collect(groupingBy(Imported::hubModelId, mapping(Imported::modelVersion, toList())));
  }
}
