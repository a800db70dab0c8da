package io.slipway.registry;

import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.events.EventPublisher;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Adds versions and deletes models. Everything that changes a model's versions or pins takes turns
 * on the model's row.
 */
@Service
public class ModelRegistry {

  private final JdbcClient db;
  private final VersionRows versions;
  private final EventPublisher events;

  ModelRegistry(JdbcClient db, VersionRows versions, EventPublisher events) {
    this.db = db;
    this.versions = versions;
    this.events = events;
  }

  /**
   * Gives a checkpoint the next number of its model and publishes the fact; or finds the version
   * that has the same content from the same origin.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public VersionName register(String tenant, NewVersion version) {
    db.sql("insert into model (tenant, id) values (?, ?) on conflict do nothing")
        .params(tenant, version.model().toString())
        .update();
    int lastNumber = lockForChange(tenant, version.model()).orElseThrow();
    Optional<VersionName> twin = versions.findTwin(tenant, version);
    if (twin.isPresent()) {
      return twin.get();
    }
    VersionName name = new VersionName(version.model(), lastNumber + 1);
    db.sql("update model set last_number = ?, delete_time = null where tenant = ? and id = ?")
        .params(name.number(), tenant, version.model().toString())
        .update();
    versions.insert(tenant, name, version);
    events.publish(
        tenant,
        name.toString(),
        version.importName(),
        event -> event.setModelRegistered(RegistryMessages.registered(name, version)));
    return name;
  }

  /**
   * Deletes a model with all its versions.
   *
   * @throws SlipwayException NOT_FOUND, or VERSION_PINNED naming who needs it
   */
  @Transactional
  public void delete(String tenant, ModelId model) {
    lockForChange(tenant, model);
    int deleted =
        db.sql(
                "update model set delete_time = now() where tenant = ? and id = ? and delete_time is null")
            .params(tenant, model.toString())
            .update();
    if (deleted == 0) {
      throw SlipwayException.notFound(model.name());
    }
    List<String> pins = versions.pins(tenant, model);
    if (!pins.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.VERSION_PINNED,
          "%s is in use and stays: %s. Delete or cancel what uses it first."
              .formatted(model.name(), String.join(", ", pins)));
    }
    db.sql("delete from model_version where tenant = ? and model_id = ?")
        .params(tenant, model.toString())
        .update();
    events.publish(
        tenant,
        model.name(),
        model.name(),
        event -> event.setModelDeleted(io.slipway.events.v1.ModelDeleted.getDefaultInstance()));
  }

  /**
   * @return the last version number; empty for a model that never was
   */
  private Optional<Integer> lockForChange(String tenant, ModelId model) {
    return db.sql("select last_number from model where tenant = ? and id = ? for update")
        .params(tenant, model.toString())
        .query(Integer.class)
        .optional();
  }
}
