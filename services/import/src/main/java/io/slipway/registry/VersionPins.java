package io.slipway.registry;

import io.slipway.kit.errors.SlipwayException;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Who needs which version. */
@Service
class VersionPins {

  private static final Pattern HOLDER = Pattern.compile("[A-Za-z]+/[A-Za-z0-9._/-]{1,200}");

  private final JdbcClient db;

  VersionPins(JdbcClient db) {
    this.db = db;
  }

  /**
   * @param holder the resource that needs the version
   * @throws SlipwayException NOT_FOUND
   */
  @Transactional
  public void pin(String tenant, VersionName version, String holder) {
    requireHolder(holder);
    // Holds off a deletion, which locks the same row, until the pin is there to be seen.
    db.sql("select 1 from model where tenant = ? and id = ? for share")
        .params(tenant, version.model().toString())
        .query(Integer.class)
        .optional();
    boolean exists =
        db.sql("select 1 from model_version where tenant = ? and model_id = ? and number = ?")
            .params(tenant, version.model().toString(), version.number())
            .query(Integer.class)
            .optional()
            .isPresent();
    if (!exists) {
      throw SlipwayException.notFound(version.toString());
    }
    db.sql(
            """
            insert into version_pin (tenant, model_id, number, holder) values (?, ?, ?, ?)
            on conflict do nothing""")
        .params(tenant, version.model().toString(), version.number(), holder)
        .update();
  }

  void unpin(String tenant, VersionName version, String holder) {
    requireHolder(holder);
    db.sql(
            "delete from version_pin where tenant = ? and model_id = ? and number = ? and holder = ?")
        .params(tenant, version.model().toString(), version.number(), holder)
        .update();
  }

  private static void requireHolder(String holder) {
    if (!HOLDER.matcher(holder).matches()) {
      throw SlipwayException.invalid(
          "holder is \"" + holder + "\"; expected a resource name such as deployments/{id}.");
    }
  }
}
