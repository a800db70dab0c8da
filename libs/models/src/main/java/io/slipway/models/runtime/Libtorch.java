package io.slipway.models.runtime;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch, with the settings that have to stand before its first class is touched. */
final class Libtorch {

  private static final String BLAS = "org.bytedeco.openblas.load";
  private static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxPhysicalBytes";

  static {
    if (System.getProperty(BLAS) == null) {
      System.setProperty(BLAS, "mkl");
    }
    if (System.getProperty(MAX_PHYSICAL_BYTES) == null) {
      System.setProperty(MAX_PHYSICAL_BYTES, Long.toString(machineBytes() / 10 * 9));
    }
    // One pool of threads for libtorch and MKL. They look out for work for a moment, since
    // operators of a decoder follow each other that closely, and then sleep: spinning longer, they
    // would take the cores from each other.
    CLibrary.environment("MKL_THREADING_LAYER", "GNU");
    CLibrary.environment("OMP_WAIT_POLICY", "PASSIVE");
    CLibrary.environment("GOMP_SPINCOUNT", "20000");
    CLibrary.keepFreedMemory();
    Loader.load(torch.class);
  }

  private Libtorch() {}

  /** Loads the library; later calls do nothing. */
  static void load() {}

  /**
   * Memory that this process may use, a container's limit included. JavaCPP refuses allocations
   * beyond the property set from it; its own default follows the Java heap, which says nothing
   * about models.
   */
  private static long machineBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
