package io.slipway.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.slipway.models.Cosine;
import io.slipway.models.OnCpu;
import io.slipway.models.ReferenceCase;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.ReferenceRun;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceCasesTests {

  private static final double CLOSE = 2e-5;

  @OnCpu private static ComputeExecutor executor;

  /** Those with a single input. */
  static Stream<ReferenceCase> readers() {
    return Stream.of("encoders", "decoders").map(ReferenceCase::shipped).flatMap(List::stream);
  }

  static Stream<ReferenceCase> all() {
    return Stream.concat(
        readers(),
        Stream.of("seq2seq", "vision").map(ReferenceCase::shipped).flatMap(List::stream));
  }

  @ParameterizedTest
  @MethodSource("all")
  void outputsAreTheReferences(ReferenceCase reference) throws Exception {
    assertThat(ReferenceRun.worstOutput(reference, executor)).isLessThan(CLOSE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void lossesOfTrainingAreTheReferences(ReferenceCase reference) throws Exception {
    assertThat(ReferenceRun.worstLoss(reference, executor)).isLessThan(CLOSE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void halfThePrecisionGivesNearlyTheSame(ReferenceCase reference) throws Exception {
    List<float[]> outputs = ReferenceRun.outputs(reference, Precision.BFLOAT16, executor);
    for (int i = 0; i < outputs.size(); i++) {
      assertThat(Cosine.of(outputs.get(i), reference.expected().get(i))).isGreaterThan(0.995);
    }
  }

  @ParameterizedTest
  @MethodSource("readers")
  void aRowOfABatchIsAsIfItWereAlone(ReferenceCase reference) throws Exception {
    TokenBatch batch = reference.batch();
    for (int row = 0; row < batch.rows(); row++) {
      TokenBatch single = alone(batch, row);
      int which = row;
      List<float[]> together = outputs(reference, batch, which, single.length());
      List<float[]> apart = outputs(reference, single, 0, single.length());
      for (int i = 0; i < together.size(); i++) {
        assertThat(apart.get(i)).containsExactly(together.get(i), offset(1e-5f));
      }
    }
  }

  static List<ReferenceCase> encoders() {
    return ReferenceCase.shipped("encoders");
  }

  /** More tokens than go through an encoder together. */
  @ParameterizedTest
  @MethodSource("encoders")
  void aLargeBatchComesToWhatItsRowsDo(ReferenceCase reference) throws Exception {
    TokenBatch batch = reference.batch();
    int copies = 1 + 2 * TextEncoder.TOKENS_AT_ONCE / batch.ids().length;
    TokenBatch large =
        new TokenBatch(
            copies * batch.rows(),
            batch.length(),
            Collections.nCopies(copies, batch.ids()).stream()
                .flatMapToLong(Arrays::stream)
                .toArray(),
            Collections.nCopies(copies, batch.typeIds()).stream()
                .flatMapToLong(Arrays::stream)
                .toArray(),
            repeated(batch.real(), copies));
    List<float[]> together = outputs(reference, large);
    List<float[]> once = outputs(reference, batch);
    for (int i = 0; i < once.size(); i++) {
      int each = once.get(i).length;
      assertThat(together.get(i)).hasSize(copies * each);
      for (int copy = 0; copy < copies; copy++) {
        assertThat(Arrays.copyOfRange(together.get(i), copy * each, (copy + 1) * each))
            .as("copy %d", copy)
            .containsExactly(once.get(i), offset(1e-5f));
      }
    }
  }

  private static boolean[] repeated(boolean[] real, int copies) {
    boolean[] all = new boolean[copies * real.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = real[i % real.length];
    }
    return all;
  }

  private static List<float[]> outputs(ReferenceCase reference, TokenBatch batch) throws Exception {
    return executor.call(
        () -> {
          try (LoadedModel<?> model = reference.forInference(Precision.FLOAT32)) {
            return reference.outputs(model, batch).compute(Forward.inference()).stream()
                .map(Tensors::floats)
                .toList();
          }
        });
  }

  private static TokenBatch alone(TokenBatch batch, int row) {
    int from = row * batch.length();
    int length = 0;
    while (length < batch.length() && batch.real()[from + length]) {
      length++;
    }
    return new TokenBatch(
        1,
        length,
        Arrays.copyOfRange(batch.ids(), from, from + length),
        Arrays.copyOfRange(batch.typeIds(), from, from + length),
        Arrays.copyOfRange(batch.real(), from, from + length));
  }

  /** A row's outputs, of its tokens without padding where there is one for each token. */
  private static List<float[]> outputs(
      ReferenceCase reference, TokenBatch batch, int row, int length) throws Exception {
    return executor.call(
        () -> {
          try (LoadedModel<?> model = reference.forInference(Precision.FLOAT32)) {
            List<Tensor> outputs =
                reference.outputs(model, batch).compute(Forward.inference()).stream()
                    .map(output -> output.select(0, row))
                    .toList();
            return outputs.stream()
                .map(output -> reference.perToken() ? output.narrow(0, 0, length) : output)
                .map(Tensors::floats)
                .toList();
          }
        });
  }
}
