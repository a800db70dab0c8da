package io.slipway.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Offset.offset;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.adapter.AdapterCheckpoint;
import io.slipway.models.Cosine;
import io.slipway.models.OnCpu;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.pass.Adapter;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.layers.pass.RowAdapters;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters against PEFT's own, for every kind of head. */
class AdapterTests {

  /** Weights are rounded when changes are added to them, which T5's unscaled attention enlarges. */
  private static final double MERGED = 1e-3;

  @OnCpu private static ComputeExecutor executor;

  static Stream<AdapterCase> cases() throws Exception {
    return AdapterCase.shipped().stream();
  }

  /** Those whose rows can go through adapters of their own. */
  static Stream<AdapterCase> perRow() throws Exception {
    return cases().filter(adapter -> !adapter.toString().equals("llama-with-embeddings"));
  }

  static Stream<AdapterCase> trained() throws Exception {
    return cases().filter(adapter -> !adapter.losses().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aMergedAdapterGivesTheReferencesOutputs(AdapterCase adapter) throws Exception {
    assertClose(adapter, merged(adapter, adapter.files()), adapter.adapter().expected(), MERGED);
  }

  /** Weights that are packed for the processor have to be found and packed again. */
  @ParameterizedTest
  @MethodSource("cases")
  void anAdapterMergesIntoWeightsOfHalfThePrecision(AdapterCase adapter) throws Exception {
    List<float[]> exact = merged(adapter, adapter.files());
    List<float[]> merged = merged(adapter, adapter.files(), Precision.BFLOAT16);
    for (int i = 0; i < exact.size(); i++) {
      assertThat(Cosine.of(merged.get(i), exact.get(i))).isGreaterThan(0.995);
    }
  }

  private static List<float[]> merged(AdapterCase adapter, AdapterCheckpoint files)
      throws Exception {
    return merged(adapter, files, Precision.FLOAT32);
  }

  private static List<float[]> merged(
      AdapterCase adapter, AdapterCheckpoint files, Precision precision) throws Exception {
    return executor.call(
        () -> {
          try (files;
              LoadedModel<?> model = adapter.load(precision)) {
            model.merge(files);
            return floats(adapter.outputs(model, Forward.inference()));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("perRow")
  void rowsOfABatchGoThroughAdaptersOfTheirOwn(AdapterCase adapter) throws Exception {
    List<float[]> expected = adapter.adapter().expected();
    List<float[]> plain = outputs(adapter, changes -> RowAdapters.NONE);
    assertClose(
        adapter,
        outputs(adapter, changes -> choose(adapter, row -> Optional.of(changes.get(row % 2)))),
        expected,
        1e-4);
    List<float[]> mixed =
        outputs(
            adapter,
            changes ->
                choose(
                    adapter,
                    row -> row == 1 ? Optional.empty() : Optional.of(changes.get(row % 2))));
    for (int i = 0; i < mixed.size(); i++) {
      int each = mixed.get(i).length / adapter.rows();
      float[] wanted = expected.get(i).clone();
      System.arraycopy(plain.get(i), each, wanted, each, each);
      assertThat(adapter.worst(mixed.get(i), wanted)).isLessThan(1e-4);
    }
  }

  static Stream<AdapterCase> perRowDecoders() throws Exception {
    List<AdapterCase> decoders = new ArrayList<>();
    for (AdapterCase adapter : perRow().toList()) {
      if (adapter.head() == Head.CAUSAL_LM) {
        decoders.add(adapter);
      }
    }
    return decoders.stream();
  }

  /** More tokens than go through a decoder together. */
  @ParameterizedTest
  @MethodSource("perRowDecoders")
  void rowsOfALargeBatchKeepTheirAdapters(AdapterCase adapter) throws Exception {
    long[] text = adapter.base().texts().getFirst();
    int rows = 3000 / text.length;
    executor.call(
        () -> {
          try (LoadedModel<?> model = adapter.load();
              AdapterCheckpoint files = adapter.files();
              Adapter one = model.adapter(files)) {
            CausalDecoder decoder = (CausalDecoder) model.model();
            List<Optional<Adapter>> chosen =
                IntStream.range(0, rows)
                    .mapToObj(row -> row % 3 == 1 ? Optional.<Adapter>empty() : Optional.of(one))
                    .toList();
            float[] together = next(decoder, text, chosen);
            int words = together.length / rows;
            float[] changed = next(decoder, text, List.of(Optional.of(one)));
            float[] plain = next(decoder, text, List.of(Optional.empty()));
            assertThat(adapter.worst(changed, plain)).isGreaterThan(1e-3);
            for (int row = 0; row < rows; row++) {
              float[] scores = Arrays.copyOfRange(together, row * words, (row + 1) * words);
              assertThat(scores)
                  .as("row %d", row)
                  .containsExactly(row % 3 == 1 ? plain : changed, offset(1e-4f));
            }
            return true;
          }
        });
  }

  private static float[] next(CausalDecoder decoder, long[] text, List<Optional<Adapter>> rows) {
    Forward forward = Forward.inference(RowAdapters.of(rows, ComputeDevice.CPU));
    try (Continuation sequences = decoder.begin(rows.size(), text.length)) {
      long[][] texts = Collections.nCopies(rows.size(), text).toArray(long[][]::new);
      return Tensors.floats(sequences.extend(forward, texts));
    }
  }

  private static RowAdapters choose(AdapterCase adapter, Function<Integer, Optional<Adapter>> of) {
    return RowAdapters.of(
        IntStream.range(0, adapter.rows()).mapToObj(of::apply).toList(), ComputeDevice.CPU);
  }

  /** Loads the adapter twice, as two of them. */
  private static List<float[]> outputs(
      AdapterCase adapter, Function<List<Adapter>, RowAdapters> chosen) throws Exception {
    return executor.call(
        () -> {
          try (LoadedModel<?> model = adapter.load();
              AdapterCheckpoint files = adapter.files();
              Adapter one = model.adapter(files);
              Adapter two = model.adapter(files)) {
            return floats(
                adapter.outputs(model, Forward.inference(chosen.apply(List.of(one, two)))));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("trained")
  void trainingGoesOnWithTheReferencesLosses(AdapterCase adapter, @TempDir Path folder)
      throws Exception {
    List<Double> expected = adapter.losses();
    List<float[]> outputs;
    try (AdapterRun run = AdapterRun.from(adapter, executor)) {
      assertThat(run.changed())
          .hasSameSizeAs(adapter.adapter().golden().get("changed").valueStream().toList());
      for (double loss : expected) {
        assertThat(run.step()).isCloseTo(loss, within(1e-4 * loss));
      }
      run.save(folder);
      outputs = run.outputs();
    }
    assertClose(adapter, merged(adapter, AdapterCheckpoint.open(folder)), outputs, MERGED);
  }

  @Test
  void refusesAnAdapterOfAnotherModel() throws Exception {
    AdapterCase one = AdapterCase.named("distilbert-text-classification");
    AdapterCase other = AdapterCase.named("deberta-v2-text-classification");
    assertThatThrownBy(() -> merged(one, other.files()))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining("deberta.encoder")
        .hasMessageContaining("no linear layer");
  }

  @Test
  void refusesWholeEmbeddingsForSomeRowsOnly() {
    AdapterCase adapter = AdapterCase.named("llama-with-embeddings");
    assertThatThrownBy(() -> outputs(adapter, changes -> RowAdapters.NONE))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining("model.embed_tokens.weight")
        .hasMessageContaining("merge it");
  }

  private static void assertClose(
      AdapterCase adapter, List<float[]> actual, List<float[]> expected, double tolerance)
      throws Exception {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(adapter.worst(actual.get(i), expected.get(i))).isLessThan(tolerance);
    }
  }

  private static List<float[]> floats(List<Tensor> tensors) {
    return tensors.stream().map(Tensors::floats).toList();
  }
}
