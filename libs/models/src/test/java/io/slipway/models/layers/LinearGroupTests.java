package io.slipway.models.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.models.OnCpu;
import io.slipway.models.SmallLlama;
import io.slipway.models.layers.pass.Adapter;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.layers.pass.LinearChange;
import io.slipway.models.layers.pass.RowAdapters;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinearGroupTests {

  private static final String MLP = "model.layers.0.mlp.";

  @OnCpu private static ComputeExecutor executor;
  @TempDir static Path directory;

  @BeforeAll
  static void write() throws IOException {
    SmallLlama.write(directory);
  }

  @ParameterizedTest
  @EnumSource
  void givesWhatItsLayersGiveAlone(Precision precision) throws Exception {
    executor.call(
        () -> {
          try (Gate gate = new Gate(precision)) {
            for (int rows : new int[] {1, 3, 200}) {
              Tensor x = torch.randn(rows, 1, 64);
              gate.assertAlike(Forward.inference(), x, 0);
            }
          }
          return true;
        });
  }

  /** Products for all layers at once must not lose what an adapter adds to one of them. */
  @ParameterizedTest
  @EnumSource
  void letsEachLayerHaveItsAdapter(Precision precision) throws Exception {
    executor.call(
        () -> {
          try (Gate gate = new Gate(precision);
              Adapter adapter = adapter(MLP + "up_proj")) {
            Tensor x = torch.randn(2, 1, 64);
            Tensor plain = gate.group.apply(Forward.inference(), x).get(1);
            RowAdapters second =
                RowAdapters.of(List.of(Optional.empty(), Optional.of(adapter)), ComputeDevice.CPU);

            gate.assertAlike(Forward.inference(second), x, 1e-5);

            Tensor up = gate.group.apply(Forward.inference(second), x).get(1);
            assertThat(up.select(0, 0).equal(plain.select(0, 0))).isTrue();
            assertThat(up.select(0, 1).equal(plain.select(0, 1))).isFalse();
          }
          return true;
        });
  }

  private static Adapter adapter(String layer) {
    return new Adapter(
        Map.of(
            layer,
            new LinearChange.LowRank(
                Scope.keep(torch.randn(4, 64)), Scope.keep(torch.randn(128, 4)), 0.5, 0)));
  }

  /** The two layers of a checkpoint's gated part: as a group, and each on its own. */
  private static final class Gate implements AutoCloseable {

    private final Weights grouped;
    private final LinearGroup group;
    private final Weights apart;
    private final List<Linear> layers;

    Gate(Precision precision) throws IOException {
      grouped = weights(precision);
      group = new LinearGroup(grouped, layer(grouped, "gate_proj"), layer(grouped, "up_proj"));
      grouped.complete();
      apart = weights(precision);
      layers = List.of(layer(apart, "gate_proj"), layer(apart, "up_proj"));
      apart.complete();
    }

    private static Weights weights(Precision precision) throws IOException {
      return Weights.forInference(
          Checkpoint.open(directory), new AnyNames(), ComputeDevice.CPU, precision);
    }

    private static Linear layer(Weights weights, String name) {
      return new Linear(weights, MLP + name, 64, 128, false);
    }

    void assertAlike(Forward forward, Tensor x, double tolerance) {
      List<Tensor> together = group.apply(forward, x);
      for (int i = 0; i < layers.size(); i++) {
        Tensor alone = layers.get(i).apply(forward, x);
        assertThat(together.get(i).shape()).isEqualTo(alone.shape());
        assertThat(together.get(i).sub(alone).abs().max().item_double())
            .isLessThanOrEqualTo(tolerance);
      }
    }

    @Override
    public void close() {
      grouped.close();
      apart.close();
    }
  }

  /** Leaves alone what is not asked for. */
  private record AnyNames() implements WeightNames {

    @Override
    public String canonical(String name, Set<String> all) {
      return name;
    }

    @Override
    public boolean ignorable(String name) {
      return true;
    }
  }
}
