package io.slipway.modelfiles.tokenizer.sentencepiece;

import java.nio.ByteBuffer;

/**
 * How a SentencePiece model normalises text.
 *
 * @param charsmap see {@link Charsmap}; empty for none
 */
@SuppressWarnings("ArrayRecordComponent")
public record NormalizerSpec(
    byte[] charsmap,
    boolean addDummyPrefix,
    boolean removeExtraWhitespaces,
    boolean escapeWhitespaces) {

  static final NormalizerSpec DEFAULT = new NormalizerSpec(new byte[0], true, true, true);

  static NormalizerSpec parse(ByteBuffer message) {
    byte[] charsmap = DEFAULT.charsmap();
    boolean dummyPrefix = true;
    boolean removeExtra = true;
    boolean escape = true;
    ProtobufReader reader = new ProtobufReader(message);
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 2 -> {
          ByteBuffer bytes = reader.bytes();
          charsmap = new byte[bytes.remaining()];
          bytes.get(charsmap);
        }
        case 3 -> dummyPrefix = reader.bool();
        case 4 -> removeExtra = reader.bool();
        case 5 -> escape = reader.bool();
        default -> reader.skip();
      }
    }
    return new NormalizerSpec(charsmap, dummyPrefix, removeExtra, escape);
  }
}
