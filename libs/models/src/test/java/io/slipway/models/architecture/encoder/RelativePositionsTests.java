package io.slipway.models.architecture.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelativePositionsTests {

  private static final int LENGTH = 1100;

  @OnCpu private static ComputeExecutor executor;

  /** Of the buckets of the distances 0 to 1099, each times the distance plus one: a checksum. */
  @ParameterizedTest
  @CsvSource({
    "256, 512, 326, 169486878",
    "64, 512, 72, 40251209",
    "6, 20, 10, 5709155",
    "32, 128, 47, 26346263",
    "16, 1024, 16, 8988611",
    "3, 40, 1, 605549",
  })
  void bucketsAreTheReferences(int buckets, int farthest, long last, long checksum)
      throws Exception {
    int span = 2 * LENGTH;
    RelativePositions.Table table = new RelativePositions.Table(span, buckets, farthest);
    float[] rows = firstColumn(() -> table.of(LENGTH, ComputeDevice.CPU).index());
    long first = (long) rows[0];
    long sum = 0;
    for (int distance = 0; distance < LENGTH; distance++) {
      sum += (distance + 1) * ((long) rows[distance] - first);
    }
    assertThat((long) rows[LENGTH - 1] - first).isEqualTo(last);
    assertThat(sum).isEqualTo(checksum);
  }

  @Test
  void usesNoMoreRowsThanALengthComesTo() throws Exception {
    RelativePositions.Table table = new RelativePositions.Table(256, 256, 512);
    assertThat(
            executor.call(
                () -> {
                  RelativePositions positions = table.of(8, ComputeDevice.CPU);
                  return "%d rows from %d".formatted(positions.count(), positions.first());
                }))
        .isEqualTo("15 rows from 249");
  }

  @Test
  void distancesBeyondTheTableShareItsEnds() throws Exception {
    RelativePositions.Table table = new RelativePositions.Table(3, 0, 3);
    float[] rows = firstColumn(() -> table.of(6, ComputeDevice.CPU).index());
    assertThat(rows).containsExactly(3, 4, 5, 5, 5, 5);
  }

  @Test
  void bucketsOfBothDirectionsAreTheReferences() throws Exception {
    float[] behind = firstColumn(() -> DistanceBuckets.bidirectional(LENGTH, ComputeDevice.CPU));
    float[] ahead =
        firstColumn(() -> DistanceBuckets.bidirectional(LENGTH, ComputeDevice.CPU).transpose(0, 1));
    long sum = 0;
    for (int distance = 0; distance < LENGTH; distance++) {
      sum += (distance + 1) * (long) behind[distance];
      assertThat(ahead[distance]).isEqualTo(behind[distance] + (distance > 0 ? 16 : 0));
    }
    assertThat(sum).isEqualTo(9074765);
  }

  private interface Index {
    Tensor compute();
  }

  /** By query, the entry of the first key. */
  private static float[] firstColumn(Index index) throws Exception {
    return executor.call(() -> Tensors.floats(index.compute().select(1, 0)));
  }
}
