package io.slipway.modelfiles.tokenizer.sentencepiece;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A SentencePiece model file: a protobuf message ModelProto (sentencepiece_model.proto), of which
 * the fields are read that tell how to tokenize.
 *
 * @param pieces the vocabulary; a piece's index is its id
 */
public record SentencePieceModel(
    List<Piece> pieces, TrainerSpec trainer, NormalizerSpec normalizer) {

  /** Far more than any trained piece has; work on a piece grows with the square of its length. */
  private static final int MAX_LENGTH = 1024;

  /**
   * Reads a model file.
   *
   * @throws IllegalArgumentException when it is truncated or malformed
   */
  public static SentencePieceModel parse(byte[] file) {
    List<Piece> pieces = new ArrayList<>();
    TrainerSpec trainer = TrainerSpec.DEFAULT;
    NormalizerSpec normalizer = NormalizerSpec.DEFAULT;
    ProtobufReader reader = new ProtobufReader(ByteBuffer.wrap(file));
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> pieces.add(piece(pieces.size(), reader.bytes()));
        case 2 -> trainer = TrainerSpec.parse(reader.bytes());
        case 3 -> normalizer = NormalizerSpec.parse(reader.bytes());
        default -> reader.skip();
      }
    }
    if (trainer.unkId() < 0 || trainer.unkId() >= pieces.size()) {
      throw new IllegalArgumentException(
          "the unknown piece is the %dth of %d".formatted(trainer.unkId(), pieces.size()));
    }
    return new SentencePieceModel(List.copyOf(pieces), trainer, normalizer);
  }

  private static Piece piece(int index, ByteBuffer message) {
    String text = "";
    float score = 0;
    int type = 1;
    ProtobufReader reader = new ProtobufReader(message);
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> text = reader.string();
        case 2 -> score = reader.float32();
        case 3 -> type = reader.integer();
        default -> reader.skip();
      }
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "piece %d has %d characters, the limit is %d"
              .formatted(index, text.length(), MAX_LENGTH));
    }
    if (text.isEmpty() || !Float.isFinite(score) || type < 1 || type > Piece.Type.values().length) {
      throw new IllegalArgumentException(
          "piece %d is \"%s\" with the score %s and the type %d"
              .formatted(index, text, score, type));
    }
    return new Piece(text, score, Piece.Type.values()[type - 1]);
  }
}
