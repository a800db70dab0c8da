package io.slipway.hub;

import java.util.regex.Pattern;

/** A branch, a tag, a reference such as {@code refs/pr/1}, or a commit. */
public record Revision(String value) {

  public static final Revision MAIN = new Revision("main");

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final int MAX_LENGTH = 255;

  /**
   * @throws IllegalArgumentException when {@code value} can be no git revision
   */
  public Revision {
    if (value.isEmpty()
        || value.length() > MAX_LENGTH
        || value.contains("..")
        || value.startsWith("/")
        || value.startsWith("-")
        || value.chars().anyMatch(Revision::isForbidden)) {
      throw new IllegalArgumentException(
          "'" + Text.printable(value) + "' is no revision: expected a branch, a tag or a commit");
    }
  }

  public static Revision of(String value) {
    return new Revision(value);
  }

  /** Whether this is a full commit id, which always names the same content. */
  public boolean isCommit() {
    return COMMIT.matcher(value).matches();
  }

  private static boolean isForbidden(int c) {
    return Character.isISOControl(c) || Character.isWhitespace(c) || "\\~^:?*[".indexOf(c) >= 0;
  }

  @Override
  public String toString() {
    return value;
  }
}
