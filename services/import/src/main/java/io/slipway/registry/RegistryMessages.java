package io.slipway.registry;

import io.slipway.common.v1.ArtifactFile;
import io.slipway.events.v1.ModelRegistered;
import io.slipway.kit.jobs.JobStatuses;
import io.slipway.registry.VersionOrigin.FromFineTune;
import io.slipway.registry.VersionOrigin.FromHub;
import io.slipway.registry.v1.FineTuneOrigin;
import io.slipway.registry.v1.HubOrigin;
import io.slipway.registry.v1.Model;
import io.slipway.registry.v1.ModelOrigin;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.ModelVersion.Verification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Rows as the API shows them, and versions as events tell of them. */
final class RegistryMessages {

  private RegistryMessages() {}

  static ModelVersion.Builder version(ResultSet row, int rowNumber) throws SQLException {
    ModelId model = ModelId.parse(row.getString("model_id"));
    return ModelVersion.newBuilder()
        .setName(new VersionName(model, row.getInt("number")).toString())
        .setTask(row.getString("task"))
        .setArchitecture(row.getString("architecture"))
        .addAllLabels(List.of((String[]) row.getArray("labels").getArray()))
        .setParameterCount(row.getLong("parameter_count"))
        .setSizeBytes(row.getLong("size_bytes"))
        .setImport(row.getString("import_name"))
        .setCreateTime(JobStatuses.timestamp(row.getTimestamp("create_time").toInstant()))
        .setOrigin(origin(row))
        .setVerification(Verification.valueOf(row.getString("verification")));
  }

  static Verification verification(NewVersion version) {
    return version.smokeRun()
        ? Verification.VERIFICATION_SMOKE_RUN
        : Verification.VERIFICATION_FILES;
  }

  private static ModelOrigin origin(ResultSet row) throws SQLException {
    ModelOrigin.Builder origin = ModelOrigin.newBuilder();
    if (row.getString("fine_tune_job").isEmpty()) {
      return origin
          .setHub(
              HubOrigin.newBuilder()
                  .setModelId(row.getString("hub_model_id"))
                  .setRevision(row.getString("hub_revision"))
                  .setCommit(row.getString("hub_commit")))
          .build();
    }
    return origin
        .setFineTune(
            FineTuneOrigin.newBuilder()
                .setFineTuneJob(row.getString("fine_tune_job"))
                .setBaseVersion(row.getString("base_version"))
                .setDataset(row.getString("dataset")))
        .build();
  }

  static ArtifactFile file(ResultSet row, int rowNumber) throws SQLException {
    return ArtifactFile.newBuilder()
        .setPath(row.getString("path"))
        .setSha256(row.getString("sha256"))
        .setSizeBytes(row.getLong("size_bytes"))
        .build();
  }

  static Model model(ResultSet row, int rowNumber) throws SQLException {
    ModelId id = ModelId.parse(row.getString("id"));
    return Model.newBuilder()
        .setName(id.name())
        .setId(id.toString())
        .setLatestVersion(new VersionName(id, row.getInt("number")).toString())
        .setTask(row.getString("task"))
        .setCreateTime(JobStatuses.timestamp(row.getTimestamp("create_time").toInstant()))
        .build();
  }

  static ModelRegistered registered(VersionName name, NewVersion version) {
    ModelRegistered.Builder fact =
        ModelRegistered.newBuilder()
            .setModelVersion(name.toString())
            .setTask(version.task())
            .setArchitecture(version.architecture());
    switch (version.origin()) {
      case FromHub(var modelId, _, var commit) -> fact.setHubModelId(modelId).setHubCommit(commit);
      case FromFineTune(var job, var base, var dataset) ->
          fact.setFineTuneJob(job).setBaseVersion(base).setDataset(dataset);
    }
    return fact.build();
  }
}
