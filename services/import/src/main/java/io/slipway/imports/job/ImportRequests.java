package io.slipway.imports.job;

import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.artifacts.StoredFile;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.hub.RepositoryId;
import io.slipway.hub.Revision;
import io.slipway.imports.v1.CreateImportRequest;
import io.slipway.imports.v1.FineTuneSource;
import io.slipway.imports.v1.HubSource;
import io.slipway.imports.v1.Import;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.names.ResourceNames;
import io.slipway.registry.ModelId;
import io.slipway.registry.VersionName;

/** What a caller may ask for, and how repeated requests are recognised. */
final class ImportRequests {

  private static final String MAIN = "main";

  private ImportRequests() {}

  /**
   * A checked request.
   *
   * @param requestId the same for repetitions of the same request
   * @param fingerprint what must be equal in repetitions
   * @param spec what the job is to do
   */
  record Accepted(String requestId, Import fingerprint, Import spec) {}

  /**
   * @throws SlipwayException INVALID_ARGUMENT or PERMISSION_DENIED
   */
  static Accepted accept(Caller caller, CreateImportRequest request) {
    Import asked = request.getImport();
    return switch (asked.getSourceCase()) {
      case HUB -> {
        Import spec = Import.newBuilder().setHub(hub(asked.getHub())).build();
        yield new Accepted(request.getRequestId(), spec, spec);
      }
      case FINE_TUNE -> fineTune(caller, asked.getFineTune());
      case SOURCE_NOT_SET ->
          throw SlipwayException.invalid("The import has no source; expected hub.model_id.");
    };
  }

  private static HubSource hub(HubSource asked) {
    String revision = asked.getRevision().isEmpty() ? MAIN : asked.getRevision();
    try {
      RepositoryId.of(asked.getModelId());
      Revision.of(revision);
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage() + ".");
    }
    ModelId.ofHub(asked.getModelId());
    return asked.toBuilder().setRevision(revision).build();
  }

  /** A job has one result, whichever of its attempts hands it over. */
  private static Accepted fineTune(Caller caller, FineTuneSource asked) {
    if (caller.principal().startsWith("apiKeys/")) {
      throw new SlipwayException(
          ErrorCode.PERMISSION_DENIED,
          "Only the platform itself hands over the results of fine-tuning jobs; import from a hub instead.");
    }
    ResourceNames.id("fineTuneJobs", asked.getFineTuneJob());
    ModelId.parse(asked.getModelId());
    VersionName.parse(asked.getBaseVersion());
    ResourceNames.id("datasets", asked.getDataset());
    if (asked.getFilesCount() == 0) {
      throw SlipwayException.invalid("fine_tune.files is empty; expected a whole checkpoint.");
    }
    for (ArtifactFile file : asked.getFilesList()) {
      requireValid(file);
    }
    Import fingerprint =
        Import.newBuilder().setFineTune(asked.toBuilder().clearFiles().build()).build();
    Import spec = Import.newBuilder().setFineTune(asked).build();
    return new Accepted(asked.getFineTuneJob(), fingerprint, spec);
  }

  private static void requireValid(ArtifactFile file) {
    try {
      StoredFile.fromProto(file);
    } catch (ArtifactStoreException | IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage() + ".");
    }
  }
}
