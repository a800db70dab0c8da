package io.slipway.modelfiles.tokenizer.sentencepiece;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one protobuf message in turn; fields that are not asked for are skipped. */
final class ProtobufReader {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteBuffer buffer;
  private int wireType;

  ProtobufReader(ByteBuffer buffer) {
    this.buffer = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The number of the next field; 0 at the end. Its value has to be read or skipped. */
  int next() {
    if (!buffer.hasRemaining()) {
      return 0;
    }
    long tag = varint();
    wireType = (int) (tag & 7);
    long field = tag >>> 3;
    if (field < 1 || field > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a field has the number " + field);
    }
    return (int) field;
  }

  void skip() {
    switch (wireType) {
      case VARINT -> {
        long unused = varint();
      }
      case FIXED64 -> advance(8);
      case BYTES -> advance(varint());
      case FIXED32 -> advance(4);
      default -> throw new IllegalArgumentException("a field has the wire type " + wireType);
    }
  }

  int integer() {
    require(VARINT);
    return (int) varint();
  }

  boolean bool() {
    require(VARINT);
    return varint() != 0;
  }

  float float32() {
    require(FIXED32);
    ByteBuffer value = take(4);
    return value.getFloat();
  }

  ByteBuffer bytes() {
    require(BYTES);
    return take(varint());
  }

  String string() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a string is not UTF-8", e);
    }
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw new IllegalArgumentException(
          "a field has the wire type %d, expected %d".formatted(wireType, expected));
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = take(1).get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has more than ten bytes");
  }

  private ByteBuffer take(long length) {
    int start = buffer.position();
    advance(length);
    return buffer.slice(start, (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void advance(long length) {
    if (length < 0 || length > buffer.remaining()) {
      throw new IllegalArgumentException(
          "a value of %d bytes begins %d bytes before the end"
              .formatted(length, buffer.remaining()));
    }
    buffer.position(buffer.position() + (int) length);
  }
}
