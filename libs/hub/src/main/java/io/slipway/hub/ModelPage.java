package io.slipway.hub;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing.
 *
 * @param next where the next page begins, for whoever made this page; null on the last page. A
 *     crawl may store it and go on from there later
 */
public record ModelPage(List<ModelInfo> models, @Nullable String next) {

  public ModelPage {
    models = List.copyOf(models);
  }

  public Optional<String> nextCursor() {
    return Optional.ofNullable(next);
  }
}
