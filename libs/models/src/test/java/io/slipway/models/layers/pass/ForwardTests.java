package io.slipway.models.layers.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Seed;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ForwardTests {

  @OnCpu private static ComputeExecutor executor;

  @Test
  void inferenceKeepsOnlyWhatTheLastBlockMade() throws Exception {
    executor.call(
        () -> {
          Tensor input = torch.ones(2);
          List<Tensor> inputs = new ArrayList<>();

          Tensor output = counted(Forward.inference(), input, inputs);

          assertThat(output.select(0, 1).item_float()).isEqualTo(7);
          assertThat(input.isNull()).isFalse();
          assertThat(inputs.subList(1, 3)).allMatch(x -> x.isNull());
          return true;
        });
  }

  @Test
  void aBlockThatChangesNothingHandsItsInputOn() throws Exception {
    executor.call(
        () -> {
          Tensor input = torch.ones(2);
          Tensor output =
              Forward.inference().blocks(List.of(0, 1, 0), input, ForwardTests::addedUnlessZero);
          assertThat(output.select(0, 0).item_float()).isEqualTo(2);
          return true;
        });
  }

  @Test
  void trainingKeepsWhatEveryBlockMade() throws Exception {
    executor.call(
        () -> {
          List<Tensor> inputs = new ArrayList<>();
          counted(Forward.training(ComputeDevice.CPU, new Seed(0)), torch.ones(2), inputs);
          assertThat(inputs).hasSize(3).noneMatch(x -> x.isNull());
          return true;
        });
  }

  private static Tensor counted(Forward forward, Tensor input, List<Tensor> inputs) {
    return forward.blocks(
        List.of(1, 2, 3),
        input,
        (number, x) -> {
          inputs.add(x);
          return addedUnlessZero(number, x);
        });
  }

  private static Tensor addedUnlessZero(int number, Tensor x) {
    return number == 0 ? x : x.add(new Scalar(number));
  }
}
