package io.slipway.trainer.run;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.Digest;
import io.slipway.artifacts.StoredFile;
import io.slipway.finetune.v1.Checkpoint;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.models.training.EarlyStopping;
import io.slipway.models.training.FineTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * The checkpoints of one run: {@code state/} with what training needs to go on, {@code best/} with
 * the best model so far, {@code best.json} with its validation, and {@code early_stopping.json}
 * where the run may end early.
 */
final class Checkpoints {

  private static final String STATE = "state/";
  private static final String BEST = "best/";
  private static final String BEST_VALIDATION = "best.json";
  private static final String STOPPING = "early_stopping.json";
  private static final String ADAPTER = "adapter/";
  private static final JsonMapper JSON = new JsonMapper();

  private final RunFiles files;
  private final ArtifactStore store;
  private final CheckoutCache checkouts;
  private final TrainingClient client;
  private List<StoredFile> last = List.of();

  Checkpoints(RunFiles files, ArtifactStore store, CheckoutCache checkouts, TrainingClient client) {
    this.files = files;
    this.store = store;
    this.checkouts = checkouts;
    this.client = client;
  }

  /**
   * Puts the training where an earlier attempt has left it.
   *
   * @param fresh the standing of a run that begins
   * @return what was found out up to there
   */
  Standing resume(TrainingPlan plan, FineTuning<?> training, Standing fresh)
      throws IOException, InterruptedException {
    if (!plan.hasResumeFrom()) {
      return fresh;
    }
    last = plan.getResumeFrom().getFilesList().stream().map(StoredFile::fromProto).toList();
    Path checkout = checkouts.checkout(last);
    training.resume(checkout.resolve(STATE));
    Path validation = checkout.resolve(BEST_VALIDATION);
    BestModel best =
        Files.exists(validation)
            ? new BestModel(parse(Files.readString(validation)), bestOf(last))
            : null;
    Path stopping = checkout.resolve(STOPPING);
    EarlyStopping stoppingSoFar =
        Files.exists(stopping)
            ? JSON.readValue(Files.readString(stopping), EarlyStopping.class)
            : fresh.stopping();
    checkouts.remove(last);
    return new Standing(best, stoppingSoFar);
  }

  /**
   * Stores the model as it is now, in Hub layout; that of a run with LoRA is merged, and the
   * adapter is beside it.
   */
  List<StoredFile> storeModel(FineTuning<?> training, boolean lora)
      throws IOException, InterruptedException {
    List<StoredFile> stored = new ArrayList<>(files.store("", training::saveMerged));
    if (lora) {
      stored.addAll(files.store(ADAPTER, training::saveModel));
    }
    return stored;
  }

  /** Stores and reports where the training stands; what this supersedes is deleted. */
  void save(FineTuning<?> training, Standing standing)
      throws IOException, InterruptedException, RunStoppedException {
    List<StoredFile> saved = new ArrayList<>(files.store(STATE, training::saveCheckpoint));
    BestModel best = standing.best();
    if (best != null && best.validation() != null) {
      best.files().forEach(file -> saved.add(file.blob().at(BEST + file.path())));
      saved.add(files.storeText(BEST_VALIDATION, JsonFormat.printer().print(best.validation())));
    }
    if (standing.stopping() != null) {
      saved.add(files.storeText(STOPPING, JSON.writeValueAsString(standing.stopping())));
    }
    client.checkpoint(
        Checkpoint.newBuilder()
            .setStep(training.stepsTaken())
            .addAllFiles(saved.stream().map(StoredFile::toProto).toList())
            .build());
    // Only now is it sure that nobody will go on from the older one.
    deleteSuperseded(saved);
    last = saved;
  }

  private void deleteSuperseded(List<StoredFile> saved) {
    Set<Digest> kept = saved.stream().map(StoredFile::digest).collect(Collectors.toSet());
    last.stream()
        .filter(file -> file.path().endsWith(StampedTensors.SUFFIX))
        .map(StoredFile::digest)
        .filter(digest -> !kept.contains(digest))
        .forEach(store::delete);
  }

  private static List<StoredFile> bestOf(List<StoredFile> checkpoint) {
    return checkpoint.stream()
        .filter(file -> file.path().startsWith(BEST))
        .map(file -> file.blob().at(file.path().substring(BEST.length())))
        .toList();
  }

  private static ValidationPoint parse(String json) throws InvalidProtocolBufferException {
    ValidationPoint.Builder point = ValidationPoint.newBuilder();
    JsonFormat.parser().merge(json, point);
    return point.build();
  }
}
