package io.slipway.modelfiles.tokenizer;

import java.util.List;

/** Turns text to tokens and back, without any limit to its length. Safe for use by many threads. */
interface TokenizerBackend extends AutoCloseable {

  TokenizedText encode(String text, boolean specialTokens);

  TokenizedText encodePair(String first, String second);

  TokenizedText encodeWords(List<String> words);

  /** Text that a decoder is to produce. */
  TokenizedText encodeTarget(String text);

  /** Text of some ids before it is cleaned up; ids that no token has are left out. */
  String decode(long[] ids, boolean skipSpecialTokens);

  /** Text of tokens that are spelled out, which the vocabulary need not have. */
  String join(List<String> tokens);

  /** What a token begins with that continues a word; empty for none. */
  String subwordPrefix();

  Vocabulary vocabulary();

  /** Whether the text of a token may yet change with the token that follows it. */
  boolean isUnfinished(long id);

  @Override
  void close();
}
