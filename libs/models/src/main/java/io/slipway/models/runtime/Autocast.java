package io.slipway.models.runtime;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Mixed precision: inside of it, libtorch runs matrix products in bfloat16 and what needs the range
 * of single precision in that; weights and gradients stay in single precision. On a device that
 * gains nothing by bfloat16 everything stays in single precision.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/amp.html">torch.amp</a>
 */
public final class Autocast {

  private Autocast() {}

  /**
   * Runs work under a precision.
   *
   * @param precision FLOAT32 runs it as it is
   * @param cached whether a weight that is used several times is converted only once. Not to be
   *     used where gradients are off for a part of the work: a weight that was converted there
   *     would get no gradient later
   */
  public static <T> T under(
      Precision precision, ComputeDevice device, boolean cached, Supplier<T> work) {
    if (precision.activations(device) == ScalarType.Float) {
      return work.get();
    }
    DeviceType type = device.kind() == ComputeDevice.Kind.CPU ? DeviceType.CPU : DeviceType.CUDA;
    boolean cachedBefore = torch.is_autocast_cache_enabled();
    torch.set_autocast_cache_enabled(cached);
    torch.set_autocast_dtype(type, ScalarType.BFloat16);
    torch.set_autocast_enabled(type, true);
    torch.increment_nesting();
    try {
      return work.get();
    } finally {
      if (torch.decrement_nesting() == 0) {
        torch.clear_cache();
      }
      torch.set_autocast_enabled(type, false);
      torch.set_autocast_cache_enabled(cachedBefore);
    }
  }
}
