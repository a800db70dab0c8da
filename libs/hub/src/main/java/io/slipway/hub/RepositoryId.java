package io.slipway.hub;

import java.util.regex.Pattern;

/**
 * The id of a model repository: {@code owner/name}, or a bare {@code name} for the oldest ones.
 * Letters, digits, {@code -}, {@code _} and {@code .}; see the Hub client's {@code
 * validate_repo_id}.
 */
public record RepositoryId(String value) {

  private static final Pattern VALID =
      Pattern.compile("(?:[\\w.-]{1,96}/)?[\\w.-]{1,96}", Pattern.UNICODE_CASE);
  private static final Pattern BAD_EDGE = Pattern.compile("(?:^|/)[.-]|[.-](?:$|/)");

  /**
   * @throws IllegalArgumentException when {@code value} can be no repository's id
   */
  public RepositoryId {
    if (!VALID.matcher(value).matches()
        || BAD_EDGE.matcher(value).find()
        || value.contains("--")
        || value.contains("..")
        || value.endsWith(".git")) {
      throw new IllegalArgumentException(
          "'"
              + Text.printable(value)
              + "' is no model id: expected owner/name of letters, digits,"
              + " '-', '_' and '.'");
    }
  }

  public static RepositoryId of(String value) {
    return new RepositoryId(value);
  }

  /** The part before the slash, or the empty string. */
  public String owner() {
    int slash = value.indexOf('/');
    return slash < 0 ? "" : value.substring(0, slash);
  }

  /** The part after the slash. */
  public String name() {
    return value.substring(value.indexOf('/') + 1);
  }

  @Override
  public String toString() {
    return value;
  }
}
