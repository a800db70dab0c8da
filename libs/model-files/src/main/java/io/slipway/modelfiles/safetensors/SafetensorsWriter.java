package io.slipway.modelfiles.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a safetensors file tensor by tensor, in the order in which they were added; the data of
 * one is asked for only when its turn comes, so that no more than one has to be in memory.
 */
public final class SafetensorsWriter {

  private static final int CHUNK_BYTES = 1 << 26;

  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private record Source(Dtype dtype, List<Long> shape, long bytes, Supplier<MemorySegment> data) {}

  /**
   * Adds an entry of {@code __metadata__}; the Hub's loaders expect {@code format} to be {@code
   * pt}.
   */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param data gives its elements, little-endian and row-major, when it is written
   * @throws IllegalArgumentException when the name is taken or a dimension is negative
   */
  public SafetensorsWriter tensor(
      String name, Dtype dtype, List<Long> shape, Supplier<MemorySegment> data) {
    long bytes = dtype.bytes();
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "tensor " + name + " has the negative dimension " + dimension);
      }
      bytes = Math.multiplyExact(bytes, dimension);
    }
    if (sources.putIfAbsent(name, new Source(dtype, List.copyOf(shape), bytes, data)) != null) {
      throw new IllegalArgumentException("tensor " + name + " was added twice");
    }
    return this;
  }

  /**
   * Writes the file, replacing one that exists.
   *
   * @param sync whether to force the content to the disk before returning
   * @throws IllegalStateException when a source gives another number of bytes than its shape asks
   *     for
   */
  public void write(Path path, boolean sync) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeFully(channel, ByteBuffer.wrap(header()));
      for (Entry<String, Source> named : sources.entrySet()) {
        MemorySegment data = named.getValue().data().get();
        if (data.byteSize() != named.getValue().bytes()) {
          throw new IllegalStateException(
              "tensor %s gave %d bytes, its shape asks for %d"
                  .formatted(named.getKey(), data.byteSize(), named.getValue().bytes()));
        }
        for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
          MemorySegment chunk = data.asSlice(at, Math.min(CHUNK_BYTES, data.byteSize() - at));
          writeFully(channel, bytes(chunk));
        }
      }
      if (sync) {
        channel.force(true);
      }
    }
  }

  /**
   * Length prefix and JSON, padded with blanks so that the data begins at a multiple of 8 bytes.
   */
  private byte[] header() {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
      generator.writeStartObject();
      if (!metadata.isEmpty()) {
        generator.writeName("__metadata__").writeStartObject();
        metadata.forEach(generator::writeStringProperty);
        generator.writeEndObject();
      }
      long offset = 0;
      for (Entry<String, Source> named : sources.entrySet()) {
        Source source = named.getValue();
        generator.writeName(named.getKey()).writeStartObject();
        generator.writeStringProperty("dtype", source.dtype().name());
        generator.writeName("shape").writeArray(longs(source.shape()), 0, source.shape().size());
        generator
            .writeName("data_offsets")
            .writeArray(new long[] {offset, offset + source.bytes()}, 0, 2);
        generator.writeEndObject();
        offset += source.bytes();
      }
      generator.writeEndObject();
    }
    int padded = (json.size() + 7) / 8 * 8;
    byte[] header = new byte[Long.BYTES + padded];
    Arrays.fill(header, (byte) ' ');
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json.toByteArray());
    return header;
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  /** Arrays of other types than byte have no view as a buffer of bytes. */
  private static ByteBuffer bytes(MemorySegment chunk) {
    return chunk.isNative()
        ? chunk.asByteBuffer()
        : ByteBuffer.wrap(chunk.toArray(ValueLayout.JAVA_BYTE));
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
