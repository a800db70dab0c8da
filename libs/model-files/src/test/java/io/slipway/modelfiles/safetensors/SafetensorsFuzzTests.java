package io.slipway.modelfiles.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, it is read or refused, and costs no more memory than its size justifies.
 */
class SafetensorsFuzzTests {

  private static final int ROUNDS = 1500;
  private static final long ALLOWED_BYTES = 4 << 20;
  private static final String[] HOSTILE = {
    "9223372036854775807",
    "-1",
    "1e308",
    "[[[[",
    "{",
    "}",
    "\"",
    "null",
    "F64",
    "\\u0000",
    ",",
    ":",
    "\u00e9"
  };

  @TempDir Path temp;

  private byte[] valid() throws IOException {
    Path path = temp.resolve("valid.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    for (int i = 0; i < 12; i++) {
      float[] values = new float[i * 3];
      writer.tensor(
          "layer." + i, Dtype.F32, List.of((long) i, 3L), () -> MemorySegment.ofArray(values));
    }
    writer.write(path, false);
    return Files.readAllBytes(path);
  }

  @Test
  void aMutatedFileIsReadOrRefused() throws IOException {
    byte[] valid = valid();
    Random random = new Random(42);
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Path path = temp.resolve("mutated.safetensors");
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Files.write(path, mutate(valid, random));
      long before = memory.getCurrentThreadAllocatedBytes();
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        file.tensors().values().forEach(tensor -> tensor.data().toArray(ValueLayout.JAVA_BYTE));
      } catch (SafetensorsException e) {
        assertThat(e).hasMessageStartingWith("mutated.safetensors: ");
        assertThat(e.getMessage().length()).isLessThan(2000);
        refused++;
      }
      assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOWED_BYTES);
    }
    assertThat(refused).isGreaterThan(ROUNDS / 2);
  }

  private static byte[] mutate(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int i = random.nextInt(8); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 1 -> bytes[random.nextInt(8)] = (byte) random.nextInt(256);
      case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      default -> {
        byte[] piece = HOSTILE[random.nextInt(HOSTILE.length)].getBytes(StandardCharsets.UTF_8);
        int at = 8 + random.nextInt(bytes.length - 8 - piece.length);
        System.arraycopy(piece, 0, bytes, at, piece.length);
      }
    }
    return bytes;
  }
}
