package io.slipway.modelfiles.tokenizer;

import java.util.Arrays;

/**
 * Text of tokens that come one by one. It is given out as soon as nothing that follows can change
 * it, at whole characters only; all that is given out, put together, is what decoding all tokens at
 * once gives. Not safe for use by several threads at a time.
 */
public final class StreamingText {

  private static final char REPLACEMENT = '\uFFFD';

  private final TokenizerBackend backend;
  private final boolean skipSpecialTokens;
  private final CleanUp cleanUp;
  private final StringBuilder pending = new StringBuilder();

  /** The last tokens: those that the next ones are decoded with, for the sake of spaces. */
  private long[] window;

  /** How much of the text of {@link #window} has gone to {@link #pending}. */
  private String taken;

  /** How many tokens at the beginning of {@link #window} were there before the last text came. */
  private int settled;

  private boolean begun;

  StreamingText(
      TokenizerBackend backend, long[] before, boolean skipSpecialTokens, CleanUp cleanUp) {
    this.backend = backend;
    this.skipSpecialTokens = skipSpecialTokens;
    this.cleanUp = cleanUp;
    this.window = before.clone();
    this.settled = before.length;
    this.taken = before.length == 0 ? "" : backend.decode(before, skipSpecialTokens);
    this.begun = !cleanUp.of(taken).isEmpty();
    pending.append(cleanUp.stripped(taken));
  }

  /** Takes the next token and gives out the text that is now sure, often none. */
  public String add(long id) {
    window = Arrays.copyOf(window, window.length + 1);
    window[window.length - 1] = id;
    if (!backend.isUnfinished(id)) {
      String text = backend.decode(window, skipSpecialTokens);
      if (text.isEmpty() || text.charAt(text.length() - 1) != REPLACEMENT) {
        take(text);
      }
    }
    return give(cleanUp.settled(pending), false);
  }

  /** Gives out what was held back; no token may follow. */
  public String finish() {
    take(backend.decode(window, skipSpecialTokens));
    return give(pending.length(), true);
  }

  private void take(String text) {
    int common = text.startsWith(taken) ? taken.length() : commonPrefix(text, taken);
    String fresh = text.substring(common);
    pending.append(fresh);
    if (fresh.isBlank()) {
      taken = text;
    } else {
      window = Arrays.copyOfRange(window, settled, window.length);
      settled = window.length;
      taken = backend.decode(window, skipSpecialTokens);
    }
  }

  private static int commonPrefix(String one, String other) {
    int at = 0;
    while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }

  private String give(int length, boolean last) {
    String text = cleanUp.part(pending.substring(0, length), !begun, last);
    pending.delete(0, length);
    begun |= !text.isEmpty();
    return text;
  }
}
