package io.slipway.modelfiles.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTests {

  @TempDir Path temp;

  private Path file(long claimedHeader, String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(claimedHeader).put(json);
    return Files.write(temp.resolve("model.safetensors"), bytes.array());
  }

  private Path file(String header, int dataBytes) throws IOException {
    return file(header.getBytes(StandardCharsets.UTF_8).length, header, dataBytes);
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageStartingWith("model.safetensors: ")
        .hasMessageContaining(message);
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    Path path = temp.resolve("model.safetensors");
    new SafetensorsWriter()
        .metadata("format", "pt")
        .tensor(
            "b",
            Dtype.F32,
            List.of(2L, 3L),
            () -> MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6}))
        .tensor("a", Dtype.I64, List.of(), () -> MemorySegment.ofArray(new long[] {7}))
        .tensor("nothing", Dtype.F16, List.of(0L, 4L), () -> MemorySegment.ofArray(new byte[0]))
        .write(path, true);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
      assertThat(file.tensors().keySet()).containsExactly("b", "a", "nothing");
      TensorView b = file.tensors().get("b");
      assertThat(b.shape()).containsExactly(2L, 3L);
      assertThat(b.dtype()).isEqualTo(Dtype.F32);
      assertThat(b.elements()).isEqualTo(6);
      assertThat(b.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
          .containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(b.data().address() % 8).isZero();
      assertThat(file.tensors().get("a").data().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
      assertThat(file.tensors().get("nothing").elements()).isZero();
    }
  }

  @Test
  void mapsTensorsBeyondTwoGigabytes() throws IOException {
    long elements = 1L << 31;
    long half = elements / 2;
    String header =
        """
        {"big":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]},"last":{"dtype":"U8","shape":[2],"data_offsets":[%d,%d]}}"""
            .formatted(elements, elements, elements, elements + 2);
    Path path = file(header, 0);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      long data = channel.size();
      channel.write(ByteBuffer.wrap(new byte[] {5, 6}), data + elements);
      channel.write(ByteBuffer.wrap(new byte[] {9}), data + half);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensors().get("big").data().get(ValueLayout.JAVA_BYTE, half))
          .isEqualTo((byte) 9);
      assertThat(file.tensors().get("last").data().toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(5, 6);
    }
  }

  @Test
  void aViewCannotBeReadOnceTheFileIsClosed() throws IOException {
    Path path = file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1);
    SafetensorsFile file = SafetensorsFile.open(path);
    MemorySegment data = file.tensors().get("a").data();
    file.close();
    assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | the header is not a JSON object",
        "{\"a\" | not valid JSON",
        "{} x | not valid JSON",
        "{} {} | content after its JSON object",
        "{\"a\":1} | tensor \"a\" is not an object",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}} | needs dtype, shape and data_offsets",
        "{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}} | unknown dtype \"F33\"",
        "{\"a\":{\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,4]}} | dtype of \"a\" is not a string",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | negative value -1 in shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}} | a shape that is not an array",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[[[1]]],\"data_offsets\":[0,4]}} | a shape that is not an array",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}} | not valid JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}} | size that overflows",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | which is 8 bytes, but data_offsets that span 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | begin <= end",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}} | at most 2 integers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}} | unknown field \"x\"",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9],\"data_offsets\":[0,36]}} | has only 8 bytes: the file is truncated",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | the tensors fill 4 bytes, but the file holds 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | there is a hole before it",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | tensors overlap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | uplicate",
        "{\"__metadata__\":{\"a\":1}} | is not a string",
      })
  void refusesAMalformedHeaderNamingWhatIsWrong(String header, String message) throws IOException {
    assertRefused(file(header, 8), message);
  }

  @Test
  void refusesAHeaderThatIsLargerThanItsFileOrTheLimit() throws IOException {
    assertRefused(file(1000, "{}", 0), "the header claims 1000 bytes, but the file has only 10");
    assertRefused(file(200L << 20, "{}", 0), "the limit is 104857600");
    assertRefused(file(-1, "{}", 0), "the header claims 18446744073709551615 bytes");
    Path tiny = Files.write(temp.resolve("model.safetensors"), new byte[] {1, 2, 3});
    assertRefused(tiny, "3 bytes are too few");
  }

  @Test
  void theWriterRefusesDataOfAnotherSizeAndNamesGivenTwice() {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.tensor("a", Dtype.F32, List.of(2L), () -> MemorySegment.ofArray(new float[1]));
    assertThatThrownBy(() -> writer.write(temp.resolve("out.safetensors"), false))
        .hasMessageContaining("tensor a gave 4 bytes, its shape asks for 8");
    assertThatThrownBy(
            () ->
                writer.tensor(
                    "a", Dtype.F32, List.of(1L), () -> MemorySegment.ofArray(new float[1])))
        .hasMessageContaining("added twice");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void letsGoOfMemoryAndReadsItAgain() throws IOException {
    Path path = temp.resolve("large.safetensors");
    double[] values = new double[1 << 19];
    Arrays.setAll(values, i -> i);
    new SafetensorsWriter()
        .tensor("a", Dtype.F64, List.of((long) values.length), () -> MemorySegment.ofArray(values))
        .tensor("nothing", Dtype.F32, List.of(0L), () -> MemorySegment.ofArray(new byte[0]))
        .write(path, true);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      MemorySegment data = file.tensors().get("a").data();
      assertThat(data.mismatch(MemorySegment.ofArray(values))).isEqualTo(-1);
      assertThat(residentKib(path)).isGreaterThanOrEqualTo(values.length * Double.BYTES / 1024);

      file.tensors().values().forEach(TensorView::unload);

      assertThat(residentKib(path)).isLessThan(64);
      assertThat(data.mismatch(MemorySegment.ofArray(values))).isEqualTo(-1);
    }
  }

  /** How much of a mapped file is in memory for this process. */
  private static int residentKib(Path path) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).endsWith(path.toString()))
        .map(
            i ->
                i
                    + (int)
                        lines.subList(i, lines.size()).stream()
                            .takeWhile(line -> !line.startsWith("Rss:"))
                            .count())
        .map(i -> Integer.parseInt(lines.get(i).replaceAll("\\D", "")))
        .sum();
  }
}
