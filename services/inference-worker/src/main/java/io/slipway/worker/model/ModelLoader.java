package io.slipway.worker.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.StoredFile;
import io.slipway.deployment.v1.DesiredModel;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.ModelFilesRefusals;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.task.TextClassification;
import io.slipway.worker.WorkerProperties;
import io.slipway.worker.batch.BatchLimits;
import io.slipway.worker.batch.BatchMeters;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** Brings a model from the artifact store onto the device. */
@Component
class ModelLoader {

  private final CheckoutCache checkouts;
  private final ComputeExecutor executor;
  private final WorkerProperties properties;
  private final BatchLimits limits;
  private final BatchMeters meters;

  ModelLoader(
      CheckoutCache checkouts,
      ComputeExecutor executor,
      WorkerProperties properties,
      MeterRegistry registry) {
    this.checkouts = checkouts;
    this.executor = executor;
    this.properties = properties;
    this.limits =
        new BatchLimits(
            properties.batchRows(),
            properties.batchTokens(),
            properties.batchPadding(),
            properties.batchWait(),
            properties.queueLimit());
    this.meters = new BatchMeters(registry);
  }

  /**
   * @throws SlipwayException why it cannot be served
   */
  ServedModel load(DesiredModel model) throws InterruptedException {
    try {
      Path directory =
          checkouts.checkout(model.getFilesList().stream().map(StoredFile::fromProto).toList());
      TextClassification task =
          TextClassification.load(directory, executor, properties.precision());
      return new ServedModel(model.getModel(), task, limits, meters);
    } catch (ModelFilesException e) {
      throw failure(ModelFilesRefusals.codeOf(e), model, e);
    } catch (ArtifactStoreException e) {
      throw failure(
          e.kind() == ArtifactStoreException.Kind.NO_SPACE
              ? ErrorCode.NO_SPACE
              : ErrorCode.MODEL_LOAD_FAILED,
          model,
          e);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw failure(ErrorCode.MODEL_LOAD_FAILED, model, e);
    } catch (OutOfMemoryError e) {
      // JavaCPP's way to say that native memory is used up.
      throw failure(ErrorCode.MODEL_LOAD_FAILED, model, e);
    }
  }

  private static SlipwayException failure(ErrorCode code, DesiredModel model, Throwable cause) {
    return new SlipwayException(
        code, "%s cannot be loaded: %s".formatted(model.getModel(), cause.getMessage()), cause);
  }
}
