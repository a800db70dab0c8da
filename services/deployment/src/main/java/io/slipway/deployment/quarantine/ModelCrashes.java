package io.slipway.deployment.quarantine;

import io.slipway.deployment.DeploymentProperties;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Counts the workers that have died by themselves with a model on them. */
@Component
public class ModelCrashes {

  private final JdbcClient db;
  private final DeploymentProperties properties;

  ModelCrashes(JdbcClient db, DeploymentProperties properties) {
    this.db = db;
    this.properties = properties;
  }

  /** A worker's death counts once for each model. */
  public void record(String worker, Collection<String> models) {
    for (String model : models) {
      db.sql("insert into model_crash (model, worker_id) values (?, ?) on conflict do nothing")
          .params(model, worker)
          .update();
    }
  }

  /** Crashes within the window, by model. */
  public Map<String, Integer> recent() {
    Map<String, Integer> counts = new HashMap<>();
    db.sql(
            """
            select model, count(*) from model_crash
            where crash_time > now() - ? * interval '1 millisecond' group by model""")
        .param(properties.crashWindow().toMillis())
        .query(
            row -> {
              counts.put(row.getString(1), row.getInt(2));
            });
    return counts;
  }

  public boolean isQuarantined(String model) {
    return recent().getOrDefault(model, 0) >= properties.crashLimit();
  }

  public SlipwayException quarantined(String model) {
    return new SlipwayException(
        ErrorCode.MODEL_QUARANTINED,
        "%s has brought down %d workers within %s and is not loaded any more for now."
            .formatted(model, properties.crashLimit(), properties.crashWindow()));
  }

  /** Forgets what no longer counts. */
  public void forgetOld() {
    db.sql("delete from model_crash where crash_time < now() - ? * interval '2 milliseconds'")
        .param(properties.crashWindow().toMillis())
        .update();
  }
}
