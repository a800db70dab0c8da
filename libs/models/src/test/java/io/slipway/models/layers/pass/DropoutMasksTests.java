package io.slipway.models.layers.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutMasksTests {

  private static final int ROWS = 321;
  private static final int COLUMNS = 333;

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void keepsThatPartAndScalesItUp(double kept) throws Exception {
    float[] mask = masks(1, kept, ScalarType.Float).getFirst();

    double share = 0;
    for (float value : mask) {
      assertThat(value).isIn(0f, (float) (1 / kept));
      share += value > 0 ? 1.0 / mask.length : 0;
    }
    // Five standard deviations.
    assertThat(share).isEqualTo(kept, offset(5 * Math.sqrt(kept * (1 - kept) / (ROWS * COLUMNS))));
  }

  @Test
  void dropsAllWhereNothingIsKept() throws Exception {
    assertThat(masks(1, 0, ScalarType.Float).getFirst()).containsOnly(0f);
  }

  @Test
  void drawsByTheSeedAndNeverTheSameTwice() throws Exception {
    List<float[]> masks = masks(1, 0.5, ScalarType.Float);

    assertThat(masks.get(1)).isNotEqualTo(masks.get(0));
    assertThat(masks(1, 0.5, ScalarType.Float).get(1)).containsExactly(masks.get(1));
    assertThat(masks(2, 0.5, ScalarType.Float).getFirst()).isNotEqualTo(masks.getFirst());
  }

  @Test
  void hasTheTypeOfWhatItMasks() throws Exception {
    assertThat(masks(1, 0.5, ScalarType.BFloat16).getFirst()).contains(0f, 2f);
  }

  /** The first two of a seed, for a matrix that is stored the other way round. */
  private static List<float[]> masks(long seed, double kept, ScalarType type) throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 1)) {
      return executor.call(
          () -> {
            Tensor x = torch.zeros(COLUMNS, ROWS).to(type).t();
            DropoutMasks masks = DropoutMasks.of(ComputeDevice.CPU, new Seed(seed));
            return List.of(drawn(masks, x, kept), drawn(masks, x, kept));
          });
    }
  }

  private static float[] drawn(DropoutMasks masks, Tensor x, double kept) {
    Tensor mask = masks.next(x, kept);
    assertThat(mask.scalar_type().intern()).isEqualTo(x.scalar_type().intern());
    assertThat(mask.shape()).containsExactly(ROWS, COLUMNS);
    return Tensors.floats(mask);
  }
}
