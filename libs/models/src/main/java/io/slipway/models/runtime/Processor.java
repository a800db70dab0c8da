package io.slipway.models.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What this machine's processor can do, as Linux tells it. */
final class Processor {

  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private static final Set<String> BFLOAT16 = Set.of("amx_bf16", "avx512_bf16");

  /** Whether it multiplies bfloat16 numbers itself; others would have to be widened first. */
  static final boolean MULTIPLIES_BFLOAT16 = flags().stream().anyMatch(BFLOAT16::contains);

  private Processor() {}

  private static Set<String> flags() {
    if (!Files.isReadable(CPUINFO)) {
      return Set.of();
    }
    try (var lines = Files.lines(CPUINFO)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .limit(1)
          .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).trim().split(" ")))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
