package io.slipway.kit.paging;

import io.slipway.kit.errors.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a listing that is ordered by a key.
 *
 * @param size rows wanted, 1 to {@value #LARGEST}
 * @param after key of the last row of the page before; empty for the first page
 */
public record PageRequest(int size, String after) {

  public static final int DEFAULT = 50;
  public static final int LARGEST = 1000;

  /**
   * Reads {@code page_size} and {@code page_token} (AIP-158): zero means {@value #DEFAULT}, more
   * than {@value #LARGEST} is cut.
   *
   * @throws SlipwayException INVALID_ARGUMENT for a negative size or a token that no listing gave
   *     out
   */
  public static PageRequest of(int pageSize, String pageToken) {
    if (pageSize < 0) {
      throw SlipwayException.invalid("page_size is " + pageSize + "; it must not be negative.");
    }
    int size = pageSize == 0 ? DEFAULT : Math.min(pageSize, LARGEST);
    try {
      return new PageRequest(
          size, new String(Base64.getUrlDecoder().decode(pageToken), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      throw SlipwayException.invalid(
          "page_token \"" + pageToken + "\" is not one that a listing has given out.");
    }
  }

  /**
   * Rows to ask the database for: one more than the page, which tells whether there is a next one.
   */
  public int limit() {
    return size + 1;
  }

  /** Makes the page out of up to {@link #limit} rows in order. */
  public <T> Page<T> page(List<T> rows, Function<T, String> key) {
    if (rows.size() <= size) {
      return new Page<>(List.copyOf(rows), "");
    }
    List<T> items = List.copyOf(rows.subList(0, size));
    byte[] last = key.apply(items.getLast()).getBytes(StandardCharsets.UTF_8);
    return new Page<>(items, Base64.getUrlEncoder().withoutPadding().encodeToString(last));
  }
}
