package io.slipway.imports.hub;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.StoredFile;
import io.slipway.hub.HubClient;
import io.slipway.hub.HubException;
import io.slipway.hub.HubFile;
import io.slipway.hub.ModelInfo;
import io.slipway.hub.RepositoryFile;
import io.slipway.hub.RepositoryId;
import io.slipway.hub.Revision;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.SupportedArchitectures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Brings a model of the hub into the artifact store; what can be refused early, is. */
@Component
public class HubFetch {

  private final HubClient hub;
  private final FetchLimits limits;
  private final FileDownload file;
  private final RepositoryDownload repository;
  private final ArtifactStore store;

  HubFetch(
      HubClient hub,
      FetchLimits limits,
      FileDownload file,
      RepositoryDownload repository,
      ArtifactStore store) {
    this.hub = hub;
    this.limits = limits;
    this.file = file;
    this.repository = repository;
    this.store = store;
  }

  /**
   * May be repeated: what has arrived before is not fetched again.
   *
   * @param progress hears of it on this thread, several times a second; may throw to stop the fetch
   * @throws SlipwayException REPOSITORY_NOT_FOUND, REPOSITORY_GATED, REVISION_NOT_FOUND,
   *     HUB_UNREACHABLE, TOO_LARGE, NO_SPACE, PICKLED_WEIGHTS_ONLY, UNSUPPORTED_ARCHITECTURE,
   *     MALFORMED_MODEL or CHECKSUM_MISMATCH
   */
  public FetchedModel fetch(String modelId, String revision, Consumer<FetchProgress> progress)
      throws InterruptedException {
    ModelInfo model = describe(RepositoryId.of(modelId), Revision.of(revision));
    String commit = commit(model);
    List<RepositoryFile> chosen = FileSelection.choose(model.files());
    limits.check(chosen);
    List<HubFile> wanted =
        chosen.stream()
            .map(chosenFile -> new HubFile(model.id(), Revision.of(commit), chosenFile))
            .toList();
    requireSupported(wanted);
    String task = model.card().pipelineTag();
    return new FetchedModel(
        commit, repository.download(wanted, progress), task == null ? "" : task);
  }

  private ModelInfo describe(RepositoryId id, Revision revision) throws InterruptedException {
    try {
      return hub.modelInfo(id, revision);
    } catch (HubException e) {
      throw ImportRefusal.of(e);
    }
  }

  private static String commit(ModelInfo model) {
    String commit = model.sha();
    if (commit == null || !Revision.of(commit).isCommit()) {
      throw new SlipwayException(
          ErrorCode.MALFORMED_MODEL,
          "The hub gives the commit of %s as \"%s\"; expected 40 hex digits."
              .formatted(model.id(), commit));
    }
    return commit;
  }

  /** Before gigabytes of weights are fetched for nothing. */
  private void requireSupported(List<HubFile> wanted) throws InterruptedException {
    HubFile config =
        wanted.stream()
            .filter(wantedFile -> wantedFile.file().path().equals(FileSelection.CONFIG))
            .findFirst()
            .orElseThrow();
    StoredFile stored = file.download(config, bytes -> {});
    try {
      String json = Files.readString(store.path(stored.digest()));
      var _ = SupportedArchitectures.require(ModelConfig.parse(FileSelection.CONFIG, json));
    } catch (ModelFilesException e) {
      throw ImportRefusal.of(e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.MALFORMED_MODEL, "config.json cannot be read as UTF-8: " + e.getMessage(), e);
    }
  }
}
