package io.slipway.kit.paging;

import java.util.List;
import java.util.function.Function;

/**
 * Some rows of a listing.
 *
 * @param nextToken asks for the rows after these; empty when there are none
 */
public record Page<T>(List<T> items, String nextToken) {

  public <R> Page<R> map(Function<? super T, ? extends R> mapping) {
    return new Page<>(items.stream().<R>map(mapping).toList(), nextToken);
  }
}
