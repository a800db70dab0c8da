package io.slipway.models.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/** A round of every kernel over memory of its own, through all of their loops. */
final class Rehearsal implements AutoCloseable {

  /** Rows of a product: all numbers that a loop may see, so that none is compiled without it. */
  private static final int PRODUCT_ROWS = 9;

  private static final int OUTPUTS = 64 + 3;
  private static final int INPUTS = 16 * Floats.LANES;
  private static final int ROWS = 64;
  private static final int HEADS = 8;
  private static final int GROUP = 2;
  private static final int HEAD_SIZE = 6 * Floats.LANES;
  private static final int TURNING = 4 * Floats.LANES;
  private static final int PLACES = 67;

  private final Arena arena = Arena.ofShared();
  private final NarrowKernel product =
      new NarrowKernel(
          arena.allocate((long) OUTPUTS * INPUTS * Short.BYTES, Long.BYTES),
          floats(PRODUCT_ROWS * INPUTS),
          floats(PRODUCT_ROWS * OUTPUTS),
          INPUTS,
          OUTPUTS);
  private final LaneInt4Kernel int4 =
      new LaneInt4Kernel(
          floats(2 * Floats.LANES * INPUTS),
          floats(2 * Floats.LANES * INPUTS),
          new float[PRODUCT_ROWS * INPUTS],
          floats(PRODUCT_ROWS * 2 * Floats.LANES),
          INPUTS,
          2 * Floats.LANES);
  private final LaneInt4Widening widening =
      new LaneInt4Widening(
          int4.numbers(),
          int4.scales(),
          INPUTS,
          floats(2 * Floats.LANES * INPUTS),
          2 * Floats.LANES);
  private final List<RowNorm.Kernel> norms = List.of(norm(false), norm(true));
  private final List<StepAttentionKernel> attentions =
      List.of(
          attention(Float.POSITIVE_INFINITY, false),
          attention(Float.POSITIVE_INFINITY, true),
          attention(50, true));
  private final StepAttentionKernel.Token token =
      new StepAttentionKernel.Token(
          floats(HEADS * GROUP * HEAD_SIZE),
          floats(HEADS * HEAD_SIZE),
          floats(HEADS * HEAD_SIZE),
          new RotationKernel(floats(TURNING), floats(TURNING), 1, TURNING));

  private StepAttentionKernel attention(float cap, boolean narrow) {
    int remembered = HEADS * PLACES * HEAD_SIZE;
    return new StepAttentionKernel(
        floats(HEADS * GROUP * HEAD_SIZE),
        new Remembered(floats(remembered), HEAD_SIZE, narrow),
        new Remembered(floats(remembered), HEAD_SIZE, narrow),
        GROUP,
        1,
        cap);
  }

  private RowNorm.Kernel norm(boolean narrow) {
    return new RowNorm.Kernel(
        floats(ROWS * INPUTS), narrow, floats(INPUTS), 0, floats(ROWS * INPUTS), INPUTS, 1);
  }

  private MemorySegment floats(long count) {
    return arena.allocate(count * Float.BYTES, Long.BYTES);
  }

  void round() {
    for (int rows = 1; rows <= PRODUCT_ROWS; rows++) {
      product.run(rows, 0, OUTPUTS - rows % 4);
    }
    for (int rows = 1; rows <= PRODUCT_ROWS; rows++) {
      int4.run(rows, 0, 2 * Floats.LANES);
    }
    widening.run(0, 0);
    widening.run(Floats.LANES, Floats.LANES);
    norms.forEach(norm -> norm.run(0, ROWS));
    IntStream.range(0, HEADS).forEach(this::attend);
  }

  private void attend(int head) {
    long first = (long) head * PLACES;
    for (StepAttentionKernel attention : attentions) {
      for (int place = 0; place < PLACES; place++) {
        attention.join(token, 0, head, first + place);
      }
      attention.attend(head, first + head, PLACES - head);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
