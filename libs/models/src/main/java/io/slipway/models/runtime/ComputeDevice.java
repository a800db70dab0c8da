package io.slipway.models.runtime;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Device;

/** Where tensors live and kernels run: {@code cpu}, or {@code cuda:0} and so on. */
public record ComputeDevice(Kind kind, int index) {

  /** What libtorch calls a device type. */
  public enum Kind {
    CPU,
    CUDA
  }

  public static final ComputeDevice CPU = new ComputeDevice(Kind.CPU, 0);

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,2}))?");

  /**
   * Reads a setting.
   *
   * @param name {@code cpu}, {@code cuda} for the first GPU, or {@code cuda:N}
   */
  public static ComputeDevice parse(String name) {
    Matcher cuda = CUDA.matcher(name);
    if (name.equals("cpu")) {
      return CPU;
    }
    if (cuda.matches()) {
      return new ComputeDevice(
          Kind.CUDA, cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }
    throw new IllegalArgumentException(
        "unknown compute device \"" + name + "\", expected cpu, cuda or cuda:N");
  }

  /**
   * Whether products of bfloat16 numbers are faster here than those of single precision. Processors
   * without instructions for them convert every number.
   */
  public boolean computesBfloat16() {
    return kind == Kind.CUDA || Processor.MULTIPLIES_BFLOAT16;
  }

  /** The native handle; belongs to the current scope. */
  public Device handle() {
    return new Device(toString());
  }

  @Override
  public String toString() {
    return kind == Kind.CPU ? "cpu" : "cuda:" + index;
  }
}
