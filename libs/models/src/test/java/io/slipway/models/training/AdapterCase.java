package io.slipway.models.training;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.adapter.AdapterCheckpoint;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.ReferenceCase;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.TeacherForcing;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;

/** An adapter that PEFT made, the checkpoint that it is for, and what came out of both. */
record AdapterCase(ReferenceCase adapter, ReferenceCase base) {

  private static final Path ROOT = Path.of("src/test/resources/goldens/adapters");

  static List<AdapterCase> shipped() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.sorted().map(AdapterCase::at).toList();
    }
  }

  static AdapterCase named(String name) {
    return at(ROOT.resolve(name));
  }

  private static AdapterCase at(Path folder) {
    ReferenceCase adapter = ReferenceCase.at(folder);
    return new AdapterCase(adapter, ReferenceCase.named(adapter.golden().get("base").asString()));
  }

  AdapterCheckpoint files() throws IOException {
    return AdapterCheckpoint.open(adapter.directory());
  }

  Head<?> head() throws IOException {
    if (base.golden().has("task")) {
      return base.head();
    }
    return LoadedModel.hasHead(base.config(), Head.CAUSAL_LM) ? Head.CAUSAL_LM : Head.SEQ2SEQ_LM;
  }

  LoadedModel<?> load() throws IOException {
    return load(Precision.FLOAT32);
  }

  LoadedModel<?> load(Precision precision) throws IOException {
    return LoadedModel.forAdapters(
        Checkpoint.open(base.directory()), head(), ComputeDevice.CPU, precision, labels().size());
  }

  List<String> labels() throws IOException {
    return head().labelled() ? base.config().labels() : List.of();
  }

  int rows() {
    JsonNode inputs = base.golden().get("inputs");
    return inputs.has("pixel_values")
        ? inputs.get("pixel_values").get("shape").get(0).asInt()
        : inputs.get("input_ids").size();
  }

  /** Losses before each step of the reference's training. */
  List<Double> losses() {
    JsonNode losses = adapter.golden().path("losses");
    return losses.valueStream().map(JsonNode::asDouble).toList();
  }

  /** The worst difference, relative where numbers are large, apart from what follows padding. */
  double worst(float[] actual, float[] expected) throws IOException {
    boolean[] real = head() == Head.CAUSAL_LM ? base.batch().real() : new boolean[] {true};
    double worst = actual.length == expected.length ? 0 : Double.NaN;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
      boolean counts = real[(int) ((long) i * real.length / expected.length)];
      worst = !counts || difference <= worst ? worst : difference;
    }
    return worst;
  }

  /** Rows first in each. */
  List<Tensor> outputs(LoadedModel<?> loaded, Forward forward) {
    return switch (loaded.model()) {
      case CausalDecoder model -> List.of(model.logits(forward, base.batch()));
      case EncoderDecoder model -> List.of(model.logits(forward, base.batch(), target()));
      default -> base.outputs(loaded).compute(forward);
    };
  }

  Tensor loss(LoadedModel<?> loaded, Forward forward) {
    return switch (loaded.model()) {
      case CausalDecoder model -> {
        Tensor logits = model.logits(forward, base.batch());
        long[] next =
            targets().stream().flatMapToLong(row -> Arrays.stream(row, 1, row.length)).toArray();
        yield crossEntropy(logits.narrow(1, 0, logits.size(1) - 1), next);
      }
      case EncoderDecoder model -> {
        TokenBatch target = forcing().inputs(targets());
        yield crossEntropy(
            model.logits(forward, base.batch(), target), TeacherForcing.padded(targets()));
      }
      default -> base.loss(base.outputs(loaded).compute(forward));
    };
  }

  private static Tensor crossEntropy(Tensor logits, long[] targets) {
    CrossEntropy plain = CrossEntropy.plain();
    return plain
        .sum(logits, Tensors.of(targets, ComputeDevice.CPU, targets.length))
        .div(new Scalar(plain.items(targets)));
  }

  private TeacherForcing forcing() {
    try {
      return TeacherForcing.of(base.config());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What each row is to be followed or answered by. */
  private List<long[]> targets() {
    JsonNode labels = base.golden().get("training").get("labels");
    return rows(labels.isObject() ? labels.get("labels") : labels);
  }

  /** The decoder's input that the outputs are for. */
  private TokenBatch target() {
    return TokenBatch.of(
        rows(base.golden().get("inputs").get("decoder_input_ids")).stream()
            .map(TokenizedText::of)
            .toList(),
        0);
  }

  private static List<long[]> rows(JsonNode array) {
    return array
        .valueStream()
        .map(row -> row.valueStream().mapToLong(JsonNode::asLong).toArray())
        .toList();
  }

  @Override
  public String toString() {
    return adapter.toString();
  }
}
