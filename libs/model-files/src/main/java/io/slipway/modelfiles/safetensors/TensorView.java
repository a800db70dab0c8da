package io.slipway.modelfiles.safetensors;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor of a file.
 *
 * @param shape dimensions, outermost first; empty for a scalar
 * @param data the elements, little-endian and row-major; valid as long as the file that it came
 *     from is open
 */
public record TensorView(String name, Dtype dtype, List<Long> shape, MemorySegment data) {

  /** Number of elements. */
  public long elements() {
    return data.byteSize() / dtype.bytes();
  }

  /** Lets go of the memory that holds the data, which reading it again brings back. */
  public void unload() {
    if (data.isMapped()) {
      data.unload();
    }
  }
}
