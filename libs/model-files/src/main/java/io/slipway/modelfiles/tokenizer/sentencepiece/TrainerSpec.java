package io.slipway.modelfiles.tokenizer.sentencepiece;

import java.nio.ByteBuffer;

/**
 * What a SentencePiece model says about its algorithm and its special pieces.
 *
 * @param unigram whether it is a unigram model; otherwise it is byte-pair encoding
 * @param bosId index of the piece; -1 when there is none; so for the others
 */
public record TrainerSpec(
    boolean unigram,
    boolean whitespaceAsSuffix,
    boolean byteFallback,
    int unkId,
    int bosId,
    int eosId,
    String unkPiece,
    String bosPiece,
    String eosPiece) {

  private static final int UNIGRAM = 1;
  private static final int BPE = 2;

  static final TrainerSpec DEFAULT =
      new TrainerSpec(true, false, false, 0, 1, 2, "<unk>", "<s>", "</s>");

  static TrainerSpec parse(ByteBuffer message) {
    int type = UNIGRAM;
    boolean suffix = false;
    boolean byteFallback = false;
    int[] ids = {DEFAULT.unkId(), DEFAULT.bosId(), DEFAULT.eosId()};
    String[] pieces = {DEFAULT.unkPiece(), DEFAULT.bosPiece(), DEFAULT.eosPiece()};
    ProtobufReader reader = new ProtobufReader(message);
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 3 -> type = reader.integer();
        case 24 -> suffix = reader.bool();
        case 35 -> byteFallback = reader.bool();
        case 40, 41, 42 -> ids[field - 40] = reader.integer();
        case 45, 46, 47 -> pieces[field - 45] = reader.string();
        default -> reader.skip();
      }
    }
    if (type != UNIGRAM && type != BPE) {
      throw new IllegalArgumentException(
          "the model is of the type %d, expected 1 (unigram) or 2 (BPE)".formatted(type));
    }
    return new TrainerSpec(
        type == UNIGRAM,
        suffix,
        byteFallback,
        ids[0],
        ids[1],
        ids[2],
        pieces[0],
        pieces[1],
        pieces[2]);
  }
}
