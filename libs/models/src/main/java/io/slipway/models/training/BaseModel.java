package io.slipway.models.training;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Seed;
import io.slipway.models.training.run.TrainedWeights;
import io.slipway.models.training.settings.LoraSettings;
import io.slipway.models.training.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint that a training begins with, and what was loaded of it for a goal. Owns all of
 * that until {@link #close}.
 */
public final class BaseModel implements AutoCloseable {

  private final Path directory;
  private final ModelConfig config;
  private final TrainingSettings settings;
  private final Optional<LoraSettings> lora;
  private final ComputeExecutor executor;
  private final List<TextTokenizer> tokenizers = new ArrayList<>();
  private @Nullable LoadedModel<?> loaded;
  private @Nullable AdapterTraining adapter;

  BaseModel(
      Path directory,
      TrainingSettings settings,
      Optional<LoraSettings> lora,
      ComputeExecutor executor)
      throws IOException {
    this.directory = directory;
    this.config = ModelConfig.read(directory.resolve(ModelConfig.FILE));
    this.settings = settings;
    this.lora = lora;
    this.executor = executor;
  }

  /** The folder of the checkpoint, in Hub layout. */
  public Path directory() {
    return directory;
  }

  public ModelConfig config() {
    return config;
  }

  public TrainingSettings settings() {
    return settings;
  }

  public ComputeDevice device() {
    return executor.device();
  }

  /**
   * Opens the checkpoint's tokenizer.
   *
   * @param maxLength tokens at most of a text; the model's own limit applies too
   */
  public TextTokenizer tokenizer(int maxLength) throws IOException {
    int positions = LoadedModel.positions(config).orElse(Integer.MAX_VALUE);
    TextTokenizer tokenizer = TextTokenizer.open(directory, Math.min(maxLength, positions));
    tokenizers.add(tokenizer);
    return tokenizer;
  }

  /**
   * Loads the model to train it; once only.
   *
   * @param labels of the head, where it has labels
   * @param replaceHead whether a head for other labels may be replaced by a fresh one
   */
  public <M> M load(Head<M> head, List<String> labels, boolean replaceHead)
      throws IOException, InterruptedException {
    if (loaded != null) {
      throw new IllegalStateException("the model was loaded already");
    }
    LoadedModel<M> model = executor.call(() -> open(head, labels, replaceHead));
    loaded = model;
    if (lora.isPresent()) {
      Seed seed = new Seed(settings.seed()).derive("adapter");
      adapter = executor.call(() -> begin(lora.get(), head, model, seed));
    }
    return model.model();
  }

  private static AdapterTraining begin(
      LoraSettings lora, Head<?> head, LoadedModel<?> model, Seed seed) throws IOException {
    AdapterTargets targets = AdapterTargets.of(lora, head, model.weights());
    return lora.from().isPresent()
        ? AdapterTraining.resume(targets, model, lora.from().get())
        : AdapterTraining.begin(targets, model.weights(), seed);
  }

  private <M> LoadedModel<M> open(Head<M> head, List<String> labels, boolean replaceHead)
      throws IOException {
    Seed seed = new Seed(settings.seed()).derive("weights");
    Checkpoint checkpoint = Checkpoint.open(directory);
    if (lora.isPresent()) {
      return LoadedModel.forAdapterTraining(
          checkpoint, head, executor.device(), labels, replaceHead, seed, lora.get().trains(head));
    }
    try (checkpoint) {
      return LoadedModel.forTraining(
          checkpoint, head, executor.device(), labels, replaceHead, seed);
    }
  }

  LoadedModel<?> loaded() {
    return Objects.requireNonNull(loaded, "the goal has not loaded the model");
  }

  TrainedWeights weights() {
    return adapter == null
        ? TrainedWeights.all(loaded().weights())
        : adapter.trained(loaded().weights());
  }

  Optional<AdapterTraining> adapter() {
    return Optional.ofNullable(adapter);
  }

  @Override
  public void close() {
    if (adapter != null) {
      executor.release(adapter::close);
    }
    if (loaded != null) {
      executor.release(loaded::close);
    }
    tokenizers.forEach(TextTokenizer::close);
  }
}
