package io.slipway.models.training;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ProblemType;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Full fine-tuning of a checkpoint to label texts. Whoever drives it takes one {@link #step} after
 * another, validates, and saves; used by one thread at a time.
 */
public final class TextClassificationTraining implements AutoCloseable {

  private final ComputeExecutor executor;
  private final LoadedModel<SequenceClassifier> classifier;
  private final TextTokenizer tokenizer;
  private final ModelConfig config;
  private final ClassificationGoal goal;
  private final Path base;
  private final int batchSize;
  private final TrainingRun<LabelledText> run;

  private TextClassificationTraining(
      ComputeExecutor executor,
      LoadedModel<SequenceClassifier> classifier,
      TextTokenizer tokenizer,
      ModelConfig config,
      ClassificationGoal goal,
      Path base,
      List<LabelledText> rows,
      TrainingSettings settings)
      throws IOException, InterruptedException {
    this.executor = executor;
    this.classifier = classifier;
    this.tokenizer = tokenizer;
    this.config = config;
    this.goal = goal;
    this.base = base;
    this.batchSize = settings.batchSize();
    this.run = new TrainingRun<>(executor, classifier.weights(), this::prepare, rows, settings);
  }

  /**
   * Prepares a run from a checkpoint in Hub layout.
   *
   * @throws ModelFilesException when the checkpoint cannot be trained for this goal
   * @throws IllegalArgumentException when a row has labels that the goal does not know
   */
  public static TextClassificationTraining start(
      Path base,
      ClassificationGoal goal,
      List<LabelledText> rows,
      TrainingSettings settings,
      ComputeExecutor executor)
      throws IOException, InterruptedException {
    goal.check(rows);
    ModelConfig config = ModelConfig.read(base.resolve(ModelConfig.FILE));
    int positions = LoadedModel.positions(config).orElse(Integer.MAX_VALUE);
    TextTokenizer tokenizer = TextTokenizer.open(base, Math.min(goal.maxLength(), positions));
    LoadedModel<SequenceClassifier> classifier = null;
    boolean started = false;
    try {
      classifier = executor.call(() -> load(base, goal, settings, executor));
      TextClassificationTraining training =
          new TextClassificationTraining(
              executor, classifier, tokenizer, config, goal, base, rows, settings);
      started = true;
      return training;
    } finally {
      if (!started) {
        tokenizer.close();
        if (classifier != null) {
          executor.release(classifier::close);
        }
      }
    }
  }

  private static LoadedModel<SequenceClassifier> load(
      Path base, ClassificationGoal goal, TrainingSettings settings, ComputeExecutor executor)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(base)) {
      return LoadedModel.forTraining(
          checkpoint,
          Head.SEQUENCE_CLASSIFICATION,
          executor.device(),
          goal.labels(),
          goal.replaceHead(),
          new Seed(settings.seed()).derive("weights"));
    }
  }

  /** Steps taken so far. */
  public int stepsTaken() {
    return run.stepsTaken();
  }

  public int totalSteps() {
    return run.totalSteps();
  }

  public int stepsPerEpoch() {
    return run.stepsPerEpoch();
  }

  public boolean finished() {
    return stepsTaken() == totalSteps();
  }

  /**
   * Takes the next step.
   *
   * @throws NonFiniteLossException when the run has diverged
   * @throws InterruptedException when interrupted before the step began; nothing has changed then
   */
  public TrainingStep step() throws InterruptedException {
    return run.step();
  }

  /** Measures the model as it is now; changes nothing. */
  public Validation validate(List<LabelledText> rows) throws InterruptedException {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("there are no rows to validate on");
    }
    goal.check(rows);
    List<TokenizedText> texts = rows.stream().map(row -> tokenizer.encode(row.text())).toList();
    List<Integer> byLength =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> texts.get(i).length()))
            .toList();
    ValidationTally tally = new ValidationTally(goal.labels().size(), goal.multiLabel());
    for (int from = 0; from < byLength.size(); from += batchSize) {
      List<Integer> part = byLength.subList(from, Math.min(from + batchSize, byLength.size()));
      float[][] logits = logits(part.stream().map(texts::get).toList());
      for (int i = 0; i < logits.length; i++) {
        tally.add(logits[i], rows.get(part.get(i)).labels());
      }
    }
    return tally.result();
  }

  private float[][] logits(List<TokenizedText> texts) throws InterruptedException {
    TokenBatch batch = batch(texts);
    try {
      return executor.call(
          () -> Tensors.rows(classifier.model().logits(Forward.inference(), batch)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TokenBatch batch(List<TokenizedText> texts) {
    return TokenBatch.of(texts, tokenizer.specialToken("pad").orElse(0));
  }

  /** Cross-entropy over the labels, or binary cross-entropy for each where several may hold. */
  private BatchLoss prepare(List<LabelledText> rows) {
    TokenBatch batch = batch(rows.stream().map(row -> tokenizer.encode(row.text())).toList());
    int labels = goal.labels().size();
    if (!goal.multiLabel()) {
      long[] targets = rows.stream().mapToLong(row -> row.labels().getFirst()).toArray();
      return forward ->
          torch.cross_entropy_loss(
              outputs(forward, batch), Tensors.of(targets, executor.device(), targets.length));
    }
    float[] targets = new float[rows.size() * labels];
    for (int i = 0; i < rows.size(); i++) {
      for (int label : rows.get(i).labels()) {
        targets[i * labels + label] = 1;
      }
    }
    return forward ->
        torch.binary_cross_entropy_with_logits(
            outputs(forward, batch), Tensors.of(targets, executor.device(), rows.size(), labels));
  }

  private Tensor outputs(Forward forward, TokenBatch batch) {
    return classifier.model().logits(forward, batch).to(ScalarType.Float);
  }

  /** Saves the run between two steps, durably; {@link #resume} continues from it. */
  public void saveCheckpoint(Path directory) throws IOException, InterruptedException {
    run.save(directory);
  }

  /**
   * Continues from a saved checkpoint of a run with the same rows and settings: every later loss is
   * bit for bit that of a run that was never interrupted, on the same machine with as many threads.
   *
   * @throws IllegalArgumentException when the checkpoint is incomplete or of another run
   */
  public void resume(Path directory) throws IOException, InterruptedException {
    run.resume(directory);
  }

  /**
   * Writes the model as it is now: a complete checkpoint in Hub layout, under the reference's
   * weight names.
   */
  public void saveModel(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    executor.call(
        () -> {
          TrainingFiles.saveWeights(
              directory.resolve(TrainingFiles.MODEL), classifier.weights().parameters());
          return true;
        });
    ProblemType problem =
        goal.multiLabel()
            ? ProblemType.MULTI_LABEL_CLASSIFICATION
            : ProblemType.SINGLE_LABEL_CLASSIFICATION;
    Files.writeString(
        directory.resolve(ModelConfig.FILE),
        config.asClassifier(classifier.className(), goal.labels(), problem).toJson());
    TokenizerFiles.copy(base, directory);
  }

  @Override
  public void close() {
    run.close();
    executor.release(classifier::close);
    tokenizer.close();
  }
}
