package io.slipway.models;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import io.slipway.modelfiles.safetensors.TensorView;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.ImageClassifier;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TeacherForcing;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.CrossEntropy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A checkpoint with a {@code golden.json}: a batch of inputs, as ids or pixels, and the outputs and
 * training losses that the reference computed for it.
 */
public record ReferenceCase(Path directory, JsonNode golden) {

  private static final Path ROOT = Path.of("src/test/resources/goldens");

  /** What a model with one of the heads that give one output for one batch makes of the case. */
  @FunctionalInterface
  public interface Outputs {

    /** One tensor, or start and end scores. */
    List<Tensor> compute(Forward forward);
  }

  /** The cases in a folder of them. */
  public static List<ReferenceCase> in(Path folder) {
    try (Stream<Path> cases = Files.list(folder)) {
      return cases
          .filter(directory -> Files.exists(directory.resolve("golden.json")))
          .sorted()
          .map(ReferenceCase::at)
          .filter(reference -> reference.heads().findAny().isPresent())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that this module ships. */
  public static List<ReferenceCase> shipped(String group) {
    return in(ROOT.resolve(group));
  }

  public static ReferenceCase at(Path directory) {
    try {
      return new ReferenceCase(
          directory, new JsonMapper().readTree(directory.resolve("golden.json").toFile()));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(directory.toString(), e);
    }
  }

  /** One that this module ships. */
  public static ReferenceCase named(String name) {
    return at(ROOT.resolve(name));
  }

  /** A copy with another value, given as JSON, of a field of its configuration. */
  public ReferenceCase configured(Path to, String field, String json) throws IOException {
    return at(GoldenCase.configure(GoldenCase.copy(directory, to), field, json));
  }

  /**
   * A copy whose weights have other names, and with more of them.
   *
   * @param rename the new name; null leaves the weight out
   */
  public ReferenceCase copy(
      Path to, Function<String, @Nullable String> rename, Consumer<SafetensorsWriter> more)
      throws IOException {
    GoldenCase.copy(directory, to);
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      for (TensorView tensor : checkpoint.tensors().values()) {
        String name = rename.apply(tensor.name());
        if (name != null) {
          writer.tensor(name, tensor.dtype(), tensor.shape(), tensor::data);
        }
      }
      more.accept(writer);
      Files.delete(to.resolve("model.safetensors"));
      writer.write(to.resolve("model.safetensors"), false);
    }
    return at(to);
  }

  /** Heads that give one output for one batch, and answer the case's task. */
  private Stream<Head<?>> heads() {
    String task = golden.get("task").asString();
    return Stream.<Head<?>>of(
            Head.FEATURES,
            Head.MASKED_LM,
            Head.SEQUENCE_CLASSIFICATION,
            Head.TOKEN_CLASSIFICATION,
            Head.QUESTION_ANSWERING,
            Head.CAUSAL_LM,
            Head.SEQ2SEQ_LM,
            Head.IMAGE_CLASSIFICATION)
        .filter(head -> head.task().pipelineTag().equals(task));
  }

  public Head<?> head() {
    return heads().findFirst().orElseThrow();
  }

  public ModelConfig config() throws IOException {
    return ModelConfig.read(directory.resolve(ModelConfig.FILE));
  }

  public LoadedModel<?> forInference(Precision precision) throws IOException {
    return LoadedModel.forInference(
        Checkpoint.open(directory), head(), ComputeDevice.CPU, precision);
  }

  public LoadedModel<?> forTraining() throws IOException {
    List<String> labels = head().labelled() ? config().labels() : List.of();
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      return LoadedModel.forTraining(
          checkpoint, head(), ComputeDevice.CPU, labels, false, new Seed(0));
    }
  }

  /** The inputs as a batch; types that are not given are zero. */
  public TokenBatch batch() {
    JsonNode inputs = golden.get("inputs");
    JsonNode ids = inputs.get("input_ids");
    long[] types =
        inputs.has("token_type_ids")
            ? longs(inputs.get("token_type_ids"))
            : new long[longs(ids).length];
    long[] mask = longs(inputs.get("attention_mask"));
    boolean[] real = new boolean[mask.length];
    IntStream.range(0, mask.length).forEach(i -> real[i] = mask[i] == 1);
    return new TokenBatch(ids.size(), ids.get(0).size(), longs(ids), types, real);
  }

  /** What a decoder is given of targets, all equally long. */
  private TokenBatch targets() {
    return TokenBatch.of(
        rows("inputs", "decoder_input_ids").stream().map(TokenizedText::of).toList(), 0);
  }

  /** Rows of ids in a field of the golden. */
  public List<long[]> rows(String... path) {
    JsonNode node = golden;
    for (String name : path) {
      node = node.get(name);
    }
    return node.valueStream().map(ReferenceCase::longs).toList();
  }

  /** The texts' ids without padding. */
  public List<long[]> texts() {
    TokenBatch batch = batch();
    int[] lengths = batch.lengths();
    return IntStream.range(0, batch.rows())
        .mapToObj(
            row ->
                Arrays.copyOfRange(
                    batch.ids(), row * batch.length(), row * batch.length() + lengths[row]))
        .toList();
  }

  /** A model on the whole case. */
  public Outputs outputs(LoadedModel<?> loaded) {
    return loaded.model() instanceof ImageClassifier model
        ? forward -> List.of(model.logits(forward, pixels()))
        : outputs(loaded, batch());
  }

  /** A model on a batch of its own kind of texts. */
  public Outputs outputs(LoadedModel<?> loaded, TokenBatch batch) {
    return switch (loaded.model()) {
      case TextEncoder model -> forward -> List.of(model.encode(forward, batch));
      case SequenceClassifier model -> forward -> List.of(model.logits(forward, batch));
      case TokenScorer model when head() == Head.QUESTION_ANSWERING ->
          forward -> {
            Tensor both = model.logits(forward, batch);
            return List.of(both.select(2, 0), both.select(2, 1));
          };
      case TokenScorer model -> forward -> List.of(model.logits(forward, batch));
      case CausalDecoder model ->
          forward -> List.of(model.logits(forward, batch).mul(real(batch))); // Padding is zeros.
      case EncoderDecoder model -> forward -> List.of(model.logits(forward, batch, targets()));
      default -> throw new IllegalArgumentException(loaded.className());
    };
  }

  /** [rows, length, 1] */
  private static Tensor real(TokenBatch batch) {
    return Tensors.of(batch.real(), ComputeDevice.CPU, batch.rows(), batch.length(), 1);
  }

  /** A model on the whole case as it is trained: an encoder-decoder is shown its labels. */
  public Outputs taught(LoadedModel<?> loaded) throws IOException {
    if (loaded.model() instanceof EncoderDecoder model) {
      TokenBatch shown = TeacherForcing.of(config()).inputs(rows("training", "labels", "labels"));
      return forward -> List.of(model.logits(forward, batch(), shown));
    }
    return outputs(loaded);
  }

  /** Whether there is an output for each token, not one for each text or image. */
  public boolean perToken() {
    return head() != Head.SEQUENCE_CLASSIFICATION && head() != Head.IMAGE_CLASSIFICATION;
  }

  private Tensor pixels() {
    JsonNode pixels = golden.get("inputs").get("pixel_values");
    return Tensors.of(floats(pixels.get("data")), ComputeDevice.CPU, longs(pixels.get("shape")));
  }

  /** What the reference put out, in the order of {@link Outputs}. */
  public List<float[]> expected() {
    return Stream.of("logits", "last_hidden_state", "start_logits", "end_logits")
        .filter(golden::has)
        .map(this::numbers)
        .toList();
  }

  /** Losses before each step of training; empty when the reference did not train. */
  public List<Double> losses() {
    return golden.has("training")
        ? golden.get("training").get("losses").valueStream().map(JsonNode::asDouble).toList()
        : List.of();
  }

  /** The loss that the reference minimises with this head. */
  public Tensor loss(List<Tensor> outputs) {
    JsonNode labels = golden.get("training").get("labels");
    if (head() == Head.QUESTION_ANSWERING) {
      return answer(outputs.get(0), labels.get("start_positions"))
          .add(answer(outputs.get(1), labels.get("end_positions")))
          .div(new Scalar(2.0));
    }
    long[] targets = longs(labels.has("labels") ? labels.get("labels") : labels);
    Tensor logits = outputs.getFirst();
    if (head() == Head.CAUSAL_LM) {
      targets = next(targets, Math.toIntExact(logits.size(1)));
    }
    return torch.cross_entropy_loss(
        logits.reshape(-1, logits.size(logits.dim() - 1)),
        Tensors.of(targets, ComputeDevice.CPU, targets.length));
  }

  /** For each token of rows of a length the one after it; for the last one that does not count. */
  private static long[] next(long[] tokens, int length) {
    long[] next = new long[tokens.length];
    Arrays.setAll(next, i -> i % length == length - 1 ? CrossEntropy.IGNORED : tokens[i + 1]);
    return next;
  }

  /** Positions outside the tokens do not count. */
  private static Tensor answer(Tensor scores, JsonNode positions) {
    long[] targets =
        Arrays.stream(longs(positions))
            .map(
                position ->
                    position >= scores.size(1) ? CrossEntropy.IGNORED : Math.max(position, 0))
            .toArray();
    return torch.cross_entropy_loss(scores, Tensors.of(targets, ComputeDevice.CPU, targets.length));
  }

  /** Numbers of a field of the golden. */
  public float[] numbers(String field) {
    return floats(golden.get(field).get("data"));
  }

  private static float[] floats(JsonNode values) {
    float[] result = new float[values.size()];
    int i = 0;
    for (JsonNode value : values) {
      result[i++] = value.floatValue();
    }
    return result;
  }

  /** The numbers of an array of any depth. */
  private static long[] longs(JsonNode values) {
    return values
        .valueStream()
        .flatMapToLong(
            value -> value.isArray() ? Arrays.stream(longs(value)) : LongStream.of(value.asLong()))
        .toArray();
  }

  @Override
  public String toString() {
    return directory.getFileName().toString();
  }
}
