package io.slipway.models.generation.settings;

import java.util.List;
import java.util.Set;

/**
 * What ends a sequence before its length does.
 *
 * @param tokens any of which ends it, such as {@code eos_token_id}
 * @param strings any of which ends it when the new text has it
 * @param keepsString whether the string that ended it stays in the text
 */
public record Stopping(Set<Integer> tokens, List<String> strings, boolean keepsString) {

  public static final Stopping NONE = new Stopping(Set.of(), List.of(), false);

  public Stopping {
    if (strings.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("a stop string is empty, expected at least one character");
    }
    tokens = Set.copyOf(tokens);
    strings = List.copyOf(strings);
  }

  public static Stopping at(Set<Integer> tokens) {
    return new Stopping(tokens, List.of(), false);
  }
}
