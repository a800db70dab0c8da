package io.slipway.modelfiles.safetensors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file, mapped into memory: nothing is read before it is touched, and files of any
 * size are fine.
 *
 * <p>Owns the mapping. After {@link #close()} every view is invalid: a checked access fails, a raw
 * pointer into it crashes the process, so whoever hands addresses to native code keeps the file
 * open. The file must not be truncated while it is mapped.
 */
public final class SafetensorsFile implements AutoCloseable {

  /** The reference implementation's limit. */
  static final long MAX_HEADER_BYTES = 100L << 20;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final Map<String, TensorView> tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(
      Path path, Arena arena, Map<String, TensorView> tensors, Map<String, String> metadata) {
    this.path = path;
    this.arena = arena;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /**
   * Maps the file and validates its whole header.
   *
   * @throws SafetensorsException when the file breaks the format
   * @throws IOException when it cannot be read
   */
  public static SafetensorsFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      long headerBytes = headerBytes(path, file);
      byte[] json = file.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
      MemorySegment data = file.asSlice(Long.BYTES + headerBytes);
      SafetensorsHeader header = SafetensorsHeader.parse(path, json, data.byteSize());
      Map<String, TensorView> tensors = new LinkedHashMap<>();
      header
          .tensors()
          .forEach(
              (name, entry) ->
                  tensors.put(
                      name,
                      new TensorView(
                          name,
                          entry.dtype(),
                          entry.shape(),
                          data.asSlice(entry.begin(), entry.end() - entry.begin()))));
      return new SafetensorsFile(path, arena, tensors, header.metadata());
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static long headerBytes(Path path, MemorySegment file) {
    if (file.byteSize() < Long.BYTES) {
      throw new SafetensorsException(
          path, "%d bytes are too few for a safetensors file".formatted(file.byteSize()));
    }
    long headerBytes = file.get(LENGTH, 0);
    if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES) {
      throw new SafetensorsException(
          path,
          "the header claims %s bytes, the limit is %d"
              .formatted(Long.toUnsignedString(headerBytes), MAX_HEADER_BYTES));
    }
    if (headerBytes > file.byteSize() - Long.BYTES) {
      throw new SafetensorsException(
          path,
          "the header claims %d bytes, but the file has only %d: it is truncated or not safetensors"
              .formatted(headerBytes, file.byteSize()));
    }
    return headerBytes;
  }

  public Path path() {
    return path;
  }

  /** All tensors by name, in the order of the header. */
  public Map<String, TensorView> tensors() {
    return tensors;
  }

  /** What the header's {@code __metadata__} says; empty when it has none. */
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public void close() {
    arena.close();
  }
}
