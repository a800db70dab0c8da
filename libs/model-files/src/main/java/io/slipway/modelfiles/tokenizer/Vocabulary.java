package io.slipway.modelfiles.tokenizer;

import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Tokens by id and ids by token, added ones included. */
final class Vocabulary {

  private final Map<String, Integer> ids;
  private final @Nullable String[] tokens;
  private final BitSet special;

  /**
   * @param ids owned by the vocabulary from now on
   * @param special ids of special tokens
   */
  Vocabulary(Map<String, Integer> ids, BitSet special) {
    this.ids = ids;
    this.special = special;
    this.tokens =
        new @Nullable
            String[ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1];
    ids.forEach((token, id) -> tokens[id] = token);
  }

  /** Number of tokens. */
  int size() {
    return ids.size();
  }

  OptionalLong id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalLong.empty() : OptionalLong.of(id);
  }

  Optional<String> token(long id) {
    return id < 0 || id >= tokens.length ? Optional.empty() : Optional.ofNullable(tokens[(int) id]);
  }

  boolean isSpecial(long id) {
    return id >= 0 && id < tokens.length && special.get((int) id);
  }
}
