package io.slipway.benchmarks.conformance;

import io.slipway.benchmarks.training.PreparedBatch;
import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.image.ImagePreprocessor;
import io.slipway.modelfiles.image.PixelValues;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.FineTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One case: its texts are tokenized, its model is run, generates and is trained, each part compared
 * with the golden. A part that fails is a problem of the case, and the other parts still run.
 */
final class CaseRun {

  private static final double LEARNING_RATE = 1e-3;

  private final Path directory;
  private final ComputeExecutor executor;
  private final Findings findings = new Findings();

  /** A part of a case. */
  @FunctionalInterface
  private interface Part {

    void run() throws IOException, InterruptedException;
  }

  /** A model's output in Java. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Output(Kind kind, long[] shape, float[] values) {}

  private CaseRun(Path directory, ComputeExecutor executor) {
    this.directory = directory;
    this.executor = executor;
  }

  /** Runs a case; whatever is wrong with it stands in the result. */
  static CaseResult of(Path directory, String name, ComputeExecutor executor)
      throws InterruptedException {
    CaseRun run = new CaseRun(directory, executor);
    List<String> task = new ArrayList<>();
    run.attempt("", () -> run.compare(task));
    return run.findings.result(name, String.join("", task));
  }

  private void compare(List<String> task) throws IOException, InterruptedException {
    Golden golden = Golden.read(directory);
    task.add(golden.taskName());
    attempt("texts: ", () -> compareTexts(golden));
    attempt("images: ", () -> compareImages(golden));
    ModelConfig config = ModelConfig.read(directory.resolve(ModelConfig.FILE));
    compareModel(golden, config, ModelCases.of(golden, config, executor.device()));
    if (findings.hold()) {
      golden
          .unread()
          .forEach(
              field -> findings.problem(Golden.FILE + " has " + field + ", which is not compared"));
    }
  }

  private <M> void compareModel(Golden golden, ModelConfig config, ModelCase<M> model)
      throws IOException, InterruptedException {
    // A checkpoint that cannot be loaded is one problem, not one for each part.
    LoadedModel.hasHead(config, model.head());
    attempt("inference: ", () -> compareInference(golden, model));
    if (golden.losses().length > 0) {
      attempt("training: ", () -> compareTraining(golden, model));
    }
  }

  private void compareTexts(Golden golden) throws IOException {
    List<List<String>> texts = golden.texts();
    if (texts.isEmpty()) {
      return;
    }
    GoldenTokens tokens = GoldenTokens.source(golden);
    if (texts.size() != tokens.batch().rows()) {
      throw new IllegalArgumentException(
          "%s has %d texts and %d rows of inputs.input_ids, expected one for each"
              .formatted(Golden.FILE, texts.size(), tokens.batch().rows()));
    }
    try (TextTokenizer tokenizer = TextTokenizer.open(directory, Integer.MAX_VALUE)) {
      for (int row = 0; row < texts.size(); row++) {
        List<String> text = texts.get(row);
        TokenizedText ours =
            text.size() == 2
                ? tokenizer.encodePair(text.get(0), text.get(1))
                : tokenizer.encode(text.getFirst());
        findings.ids(Kind.TOKEN_IDS, row, tokens.row(row), ours.ids());
      }
    }
  }

  /** Images lie beside the golden, one for each row of its pixel values, or there are none. */
  private void compareImages(Golden golden) throws IOException {
    Optional<Golden.Numbers> expected = golden.numbers("inputs", "pixel_values");
    if (expected.isEmpty() || !golden.hasImages()) {
      return;
    }
    ImagePreprocessor preprocessor = ImagePreprocessor.open(directory);
    long[] shape = expected.get().shape();
    int size = expected.get().values().length / Math.toIntExact(shape[0]);
    for (int row = 0; row < shape[0]; row++) {
      PixelValues ours = preprocessor.preprocess(Files.readAllBytes(golden.image(row)));
      findings.numbers(
          Kind.PIXEL_VALUES,
          new Golden.Numbers(
              Arrays.copyOfRange(shape, 1, shape.length),
              Arrays.copyOfRange(expected.get().values(), row * size, (row + 1) * size)),
          new long[] {ours.channels(), ours.height(), ours.width()},
          ours.values(),
          place -> true);
    }
  }

  private <M> void compareInference(Golden golden, ModelCase<M> modelCase)
      throws IOException, InterruptedException {
    LoadedModel<M> loaded =
        executor.call(
            () ->
                LoadedModel.forInference(
                    Checkpoint.open(directory),
                    modelCase.head(),
                    executor.device(),
                    Precision.FLOAT32));
    try {
      for (Output output : outputs(loaded.model(), modelCase)) {
        golden
            .numbers(output.kind().jsonName())
            .ifPresentOrElse(
                expected -> compare(output, expected, modelCase),
                () -> findings.problem(Golden.FILE + " has no " + output.kind().jsonName()));
      }
      modelCase.generation().compare(loaded.model(), executor, findings);
    } finally {
      executor.release(loaded::close);
    }
  }

  private <M> List<Output> outputs(M model, ModelCase<M> modelCase)
      throws IOException, InterruptedException {
    return executor.call(
        () -> {
          List<Output> outputs = new ArrayList<>();
          modelCase
              .reading()
              .outputs(model, Forward.inference())
              .forEach(
                  (kind, tensor) ->
                      outputs.add(
                          new Output(kind, tensor.sizes().vec().get(), Tensors.floats(tensor))));
          return outputs;
        });
  }

  private void compare(Output output, Golden.Numbers expected, ModelCase<?> modelCase) {
    if (modelCase.perToken().isEmpty()) {
      findings.numbers(output.kind(), expected, output.shape(), output.values(), place -> true);
      return;
    }
    GoldenTokens tokens = modelCase.perToken().get();
    int width = output.values().length / (tokens.batch().rows() * tokens.batch().length());
    findings.numbers(
        output.kind(),
        tokens.reordered(expected),
        output.shape(),
        output.values(),
        place -> tokens.isComparable(place, width));
  }

  private <M> void compareTraining(Golden golden, ModelCase<M> modelCase)
      throws IOException, InterruptedException {
    double[] losses = golden.losses();
    try (FineTuning<PreparedBatch.All> training =
        FineTuning.start(
            directory,
            new PreparedBatch<>(modelCase.head(), modelCase.loss()),
            PreparedBatch.ROWS,
            PreparedBatch.settings(losses.length, LEARNING_RATE),
            executor)) {
      for (int step = 0; step < losses.length; step++) {
        findings.loss(step, losses[step], training.step().loss());
      }
    }
  }

  private void attempt(String part, Part work) throws InterruptedException {
    try {
      work.run();
    } catch (ModelFilesException | IllegalArgumentException e) {
      findings.problem(part + firstLine(e));
    } catch (NoSuchFileException e) {
      findings.problem(part + Path.of(e.getFile()).getFileName() + " is missing");
    } catch (IOException | RuntimeException e) {
      findings.problem(part + e.getClass().getSimpleName() + ": " + firstLine(e));
    }
  }

  /** libtorch's errors carry a C++ stack trace from their second line on. */
  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
