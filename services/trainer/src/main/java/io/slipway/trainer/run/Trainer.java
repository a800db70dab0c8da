package io.slipway.trainer.run;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.StoredFile;
import io.slipway.datasets.DatasetException;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.TrainingServiceGrpc.TrainingServiceBlockingStub;
import io.slipway.kit.errors.DatasetRefusals;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.ModelFilesRefusals;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.image.ImageException;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.FineTuning;
import io.slipway.models.training.run.NonFiniteLossException;
import io.slipway.trainer.TrainerProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Carries out a run from its plan to its result, and says how it went. */
@Component
public class Trainer {

  private static final Logger log = LoggerFactory.getLogger(Trainer.class);

  private final TrainingServiceBlockingStub service;
  private final ArtifactStore store;
  private final CheckoutCache checkouts;
  private final ComputeExecutor executor;
  private final TrainerProperties.Training properties;
  private final Clock clock;

  Trainer(
      TrainingServiceBlockingStub service,
      ArtifactStore store,
      CheckoutCache checkouts,
      ComputeExecutor executor,
      TrainerProperties properties,
      Clock clock) {
    this.service = service;
    this.store = store;
    this.checkouts = checkouts;
    this.executor = executor;
    this.properties = properties.trainer();
    this.clock = clock;
  }

  /** Returns when the run has ended, in whichever way. */
  public void run(RunId id, StopSignal stop) {
    TrainingClient client = new TrainingClient(service, id, stop, properties);
    try {
      log.info("{} begins", id);
      train(id, client);
      log.info("{} is done", id);
    } catch (RunStoppedException e) {
      log.info("{} was stopped: {}", id, e.reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.info("{} was interrupted", id);
    } catch (IOException | RuntimeException e) {
      fail(id, client, e);
    }
  }

  private void train(RunId id, TrainingClient client)
      throws IOException, InterruptedException, RunStoppedException {
    TrainingPlan plan = client.plan();
    Path base =
        checkouts.checkout(plan.getBaseFilesList().stream().map(StoredFile::fromProto).toList());
    train(id, client, plan, PlannedTask.read(plan, store, base), base);
  }

  private <E> void train(
      RunId id, TrainingClient client, TrainingPlan plan, PlannedData<E> data, Path base)
      throws IOException, InterruptedException, RunStoppedException {
    RunSettings settings = RunSettings.of(plan);
    RunFiles files = new RunFiles(store, properties.scratch(), id);
    Checkpoints checkpoints = new Checkpoints(files, store, checkouts, client);
    client.checkStopped();
    try (FineTuning<E> training = start(settings, data, base)) {
      Standing standing = checkpoints.resume(plan, training, Standing.fresh(settings));
      TrainingLoop<E> loop =
          new TrainingLoop<>(
              training, data, settings, standing, checkpoints, client, properties, clock);
      BestModel best = loop.run();
      List<StoredFile> result = new ArrayList<>(best.files());
      result.add(
          files.storeText(
              "README.md", ModelCard.of(plan, id, best.validation(), training.stepsTaken())));
      client.result(result, best.validation());
    }
  }

  private <E> FineTuning<E> start(RunSettings settings, PlannedData<E> data, Path base)
      throws IOException, InterruptedException {
    try {
      return FineTuning.start(
          base, data.goal(), data.train(), settings.training(), settings.lora(), executor);
    } catch (IllegalArgumentException e) {
      // What can only be told with the model at hand, such as which layers an adapter changes, or
      // whether its tokenizer has a token that ends a text.
      throw new SlipwayException(ErrorCode.INVALID_ARGUMENT, e.getMessage() + ".", e);
    }
  }

  private static ErrorCode reason(Exception failure) {
    return switch (failure) {
      case NonFiniteLossException e -> ErrorCode.TRAINING_DIVERGED;
      case DatasetException e -> DatasetRefusals.codeOf(e);
      case ImageException e -> ErrorCode.MALFORMED_DATASET;
      case ModelFilesException e -> ModelFilesRefusals.codeOf(e);
      case SlipwayException e -> e.code();
      case ArtifactStoreException e when e.kind() == ArtifactStoreException.Kind.NO_SPACE ->
          ErrorCode.NO_SPACE;
      default -> ErrorCode.INTERNAL;
    };
  }

  private static void fail(RunId id, TrainingClient client, Exception failure) {
    ErrorCode reason = reason(failure);
    if (reason == ErrorCode.INTERNAL) {
      log.error("{} failed unexpectedly", id, failure);
    } else {
      log.info("{} failed with {}: {}", id, reason, failure.getMessage());
    }
    try {
      client.failure(reason, String.valueOf(failure.getMessage()));
    } catch (RunStoppedException e) {
      log.info("{} was stopped before its failure could be reported: {}", id, e.reason());
    } catch (SlipwayException e) {
      log.error("{}: its failure could not be reported", id, e);
    }
  }
}
