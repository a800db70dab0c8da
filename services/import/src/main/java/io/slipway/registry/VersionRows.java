package io.slipway.registry;

import io.slipway.artifacts.StoredFile;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import io.slipway.registry.VersionOrigin.FromFineTune;
import io.slipway.registry.VersionOrigin.FromHub;
import io.slipway.registry.v1.ModelVersion;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables {@code model_version}, {@code model_file} and {@code version_pin}. */
@Repository
class VersionRows {

  private static final String COLUMNS =
      """
      select model_id, number, task, architecture, labels, parameter_count, size_bytes, import_name,
        hub_model_id, hub_revision, hub_commit, fine_tune_job, base_version, dataset, verification, create_time
      from model_version""";

  private final JdbcClient db;
  private final JdbcTemplate batches;

  VersionRows(JdbcClient db, JdbcTemplate batches) {
    this.db = db;
    this.batches = batches;
  }

  Optional<VersionName> findTwin(String tenant, NewVersion version) {
    OriginColumns origin = OriginColumns.of(version.origin());
    return db.sql(
            """
            select number from model_version where tenant = ? and model_id = ? and hub_commit = ?
              and fine_tune_job = ? and content_digest = ?""")
        .params(
            tenant,
            version.model().toString(),
            origin.hubCommit,
            origin.fineTuneJob,
            version.contentDigest().hex())
        .query(Integer.class)
        .optional()
        .map(number -> new VersionName(version.model(), number));
  }

  void insert(String tenant, VersionName name, NewVersion version) {
    OriginColumns origin = OriginColumns.of(version.origin());
    db.sql(
            """
            insert into model_version (tenant, model_id, number, task, architecture, labels,
              parameter_count, size_bytes, import_name, hub_model_id, hub_revision, hub_commit,
              fine_tune_job, base_version, dataset, content_digest, verification)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
        .params(
            tenant,
            name.model().toString(),
            name.number(),
            version.task(),
            version.architecture(),
            version.labels().toArray(String[]::new),
            version.parameterCount(),
            version.sizeBytes(),
            version.importName(),
            origin.hubModelId,
            origin.hubRevision,
            origin.hubCommit,
            origin.fineTuneJob,
            origin.baseVersion,
            origin.dataset,
            version.contentDigest().hex(),
            RegistryMessages.verification(version).name())
        .update();
    batches.batchUpdate(
        "insert into model_file (tenant, model_id, number, path, sha256, size_bytes) values (?, ?, ?, ?, ?, ?)",
        version.files().stream()
            .map(
                (StoredFile file) ->
                    new Object[] {
                      tenant,
                      name.model().toString(),
                      name.number(),
                      file.path(),
                      file.digest().hex(),
                      file.sizeBytes()
                    })
            .toList());
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  ModelVersion get(String tenant, VersionName name) {
    return db.sql(COLUMNS + " where tenant = ? and model_id = ? and number = ?")
        .params(tenant, name.model().toString(), name.number())
        .query(RegistryMessages::version)
        .optional()
        .map(version -> withFiles(tenant, name.model(), List.of(version)).getFirst())
        .orElseThrow(() -> SlipwayException.notFound(name.toString()));
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  ModelVersion latest(String tenant, ModelId model) {
    return db.sql(COLUMNS + " where tenant = ? and model_id = ? order by number desc limit 1")
        .params(tenant, model.toString())
        .query(RegistryMessages::version)
        .optional()
        .map(version -> withFiles(tenant, model, List.of(version)).getFirst())
        .orElseThrow(() -> SlipwayException.notFound(model.name()));
  }

  /** Newest first. */
  Page<ModelVersion> list(String tenant, ModelId model, PageRequest page) {
    int before = page.after().isEmpty() ? Integer.MAX_VALUE : numberOf(page.after());
    var rows =
        db.sql(
                COLUMNS
                    + " where tenant = ? and model_id = ? and number < ? order by number desc limit ?")
            .params(tenant, model.toString(), before, page.limit())
            .query(RegistryMessages::version)
            .list();
    return page.page(
        withFiles(tenant, model, rows),
        version -> Integer.toString(VersionName.parse(version.getName()).number()));
  }

  private static int numberOf(String pageKey) {
    try {
      return Integer.parseInt(pageKey);
    } catch (NumberFormatException e) {
      throw SlipwayException.invalid("page_token is not one that a listing of versions gave out.");
    }
  }

  private List<ModelVersion> withFiles(
      String tenant, ModelId model, List<ModelVersion.Builder> versions) {
    for (ModelVersion.Builder version : versions) {
      db.sql(
              """
              select path, sha256, size_bytes from model_file
              where tenant = ? and model_id = ? and number = ? order by path""")
          .params(tenant, model.toString(), VersionName.parse(version.getName()).number())
          .query(RegistryMessages::file)
          .list()
          .forEach(version::addFiles);
    }
    return versions.stream().map(ModelVersion.Builder::build).toList();
  }

  /** What each pinned version is pinned by, one phrase each. */
  List<String> pins(String tenant, ModelId model) {
    return db.sql(
            """
            select 'version ' || number || ' by ' || string_agg(holder, ', ' order by holder)
            from version_pin where tenant = ? and model_id = ? group by number order by number""")
        .params(tenant, model.toString())
        .query(String.class)
        .list();
  }

  /** Columns that an origin does not have are empty. */
  private record OriginColumns(
      String hubModelId,
      String hubRevision,
      String hubCommit,
      String fineTuneJob,
      String baseVersion,
      String dataset) {

    static OriginColumns of(VersionOrigin origin) {
      return switch (origin) {
        case FromHub(var modelId, var revision, var commit) ->
            new OriginColumns(modelId, revision, commit, "", "", "");
        case FromFineTune(var job, var base, var dataset) ->
            new OriginColumns("", "", "", job, base, dataset);
      };
    }
  }
}
