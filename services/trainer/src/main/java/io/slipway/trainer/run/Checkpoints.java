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
import io.slipway.models.training.FineTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one run: {@code state/} with what training needs to go on, {@code best/} with
 * the best model so far and {@code best.json} with its validation.
 */
final class Checkpoints {

  private static final String STATE = "state/";
  private static final String BEST = "best/";
  private static final String BEST_VALIDATION = "best.json";

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
   * @return the best model up to there; null when there was none, or when this is a first attempt
   */
  @Nullable BestModel resume(TrainingPlan plan, FineTuning<?> training)
      throws IOException, InterruptedException {
    if (!plan.hasResumeFrom()) {
      return null;
    }
    last = plan.getResumeFrom().getFilesList().stream().map(StoredFile::fromProto).toList();
    Path checkout = checkouts.checkout(last);
    training.resume(checkout.resolve(STATE));
    Path validation = checkout.resolve(BEST_VALIDATION);
    BestModel best =
        Files.exists(validation)
            ? new BestModel(parse(Files.readString(validation)), bestOf(last))
            : null;
    checkouts.remove(last);
    return best;
  }

  /** Stores the model as it is now, in Hub layout. */
  List<StoredFile> storeModel(FineTuning<?> training) throws IOException, InterruptedException {
    return files.store("", training::saveModel);
  }

  /** Stores and reports where the training stands; what this supersedes is deleted. */
  void save(FineTuning<?> training, @Nullable BestModel best)
      throws IOException, InterruptedException, RunStoppedException {
    List<StoredFile> saved = new ArrayList<>(files.store(STATE, training::saveCheckpoint));
    if (best != null && best.validation() != null) {
      best.files().forEach(file -> saved.add(file.blob().at(BEST + file.path())));
      saved.add(files.storeText(BEST_VALIDATION, JsonFormat.printer().print(best.validation())));
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
