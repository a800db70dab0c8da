package io.slipway.models.generation;

/** Text of tokens that come one by one. Used by one thread at a time. */
public interface TokenText {

  /** No text at all, for callers that want tokens only. */
  TokenText NONE =
      new TokenText() {
        @Override
        public String add(long token) {
          return "";
        }

        @Override
        public String finish() {
          return "";
        }
      };

  /** Takes the next token and gives out the text that is now sure, often none. */
  String add(long token);

  /** Gives out what was held back; no token follows. */
  String finish();
}
