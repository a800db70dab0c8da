package io.slipway.benchmarks.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system remembers of a process. */
final class PeakMemory {

  private static final String FIELD = "VmHWM:";
  private static final int KIB_PER_MIB = 1024;

  private PeakMemory() {}

  /** The most resident memory that this process has had, in MiB. */
  static long ofThisProcess() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(text -> text.startsWith(FIELD))
            .findFirst()
            .orElseThrow(() -> new IOException("/proc/self/status has no " + FIELD));
    String kib = line.substring(FIELD.length()).strip().split(" ", 2)[0];
    return Math.round(Double.parseDouble(kib) / KIB_PER_MIB);
  }
}
