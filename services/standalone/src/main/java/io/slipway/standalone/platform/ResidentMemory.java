package io.slipway.standalone.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Memory of processes as Linux counts it. Shared pages are divided among those who share them
 * ({@code Pss} of {@code /proc/<pid>/smaps_rollup}), since PostgreSQL's processes share their
 * buffers.
 */
public final class ResidentMemory {

  private ResidentMemory() {}

  /** MiB of a process and all its descendants; 0 where the system does not say. */
  public static long ofProcessTree(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
            .mapToLong(p -> proportionalKiB(p.pid()))
            .sum()
        >> 10;
  }

  private static long proportionalKiB(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      // The process has ended, or belongs to somebody else.
      return 0;
    }
  }
}
