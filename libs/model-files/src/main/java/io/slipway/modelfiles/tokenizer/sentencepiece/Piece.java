package io.slipway.modelfiles.tokenizer.sentencepiece;

/**
 * A piece of a SentencePiece vocabulary.
 *
 * @param score logarithm of its probability, or of its rank for BPE
 */
public record Piece(String text, float score, Type type) {

  /** Kinds of pieces, in the order of their numbers in a model file, from 1. */
  public enum Type {
    NORMAL,
    /** Stands for what no other piece covers. */
    UNKNOWN,
    /** Never found in a text. */
    CONTROL,
    /** Always found as a whole. */
    USER_DEFINED,
    UNUSED,
    /** One byte of what no other piece covers. */
    BYTE
  }

  /** Whether the piece is an added token to the tokenizers library. */
  public boolean isAdded() {
    return type == Type.CONTROL || type == Type.USER_DEFINED;
  }
}
