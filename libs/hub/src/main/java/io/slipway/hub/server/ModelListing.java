package io.slipway.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelPage;
import io.slipway.hub.ModelQuery;
import io.slipway.hub.ModelQuery.Order;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A listing of models that are all in memory. A cursor names the last model of its page by sort
 * value and id, so pages neither repeat nor lose a model when others come and go.
 */
final class ModelListing {

  private static final int DEFAULT_LIMIT = 100;

  private ModelListing() {}

  private record Position(long value, String id) {}

  /**
   * @throws IllegalArgumentException when the cursor is none
   */
  static ModelPage page(Collection<ModelInfo> models, ModelQuery query, Optional<String> cursor) {
    Comparator<Position> order = order(query.order());
    Optional<Position> after = cursor.map(ModelListing::decode);
    int limit = query.limit() == 0 ? DEFAULT_LIMIT : query.limit();
    List<ModelInfo> rest =
        models.stream()
            .filter(model -> matches(model, query))
            .filter(
                model ->
                    after.isEmpty()
                        || order.compare(position(model, query.order()), after.get()) > 0)
            .sorted(Comparator.comparing(model -> position(model, query.order()), order))
            .toList();
    if (rest.size() <= limit) {
      return new ModelPage(rest, null);
    }
    List<ModelInfo> page = rest.subList(0, limit);
    return new ModelPage(page, encode(position(page.getLast(), query.order())));
  }

  private static boolean matches(ModelInfo model, ModelQuery query) {
    String id = model.id().value().toLowerCase(Locale.ROOT);
    String search = query.search() == null ? "" : query.search().toLowerCase(Locale.ROOT);
    return List.of(search.strip().split("\\s+")).stream().allMatch(id::contains)
        && model.card().tags().containsAll(query.filters())
        && (query.author() == null || query.author().equals(model.id().owner()))
        && (query.pipelineTag() == null || query.pipelineTag().equals(model.card().pipelineTag()));
  }

  private static Comparator<Position> order(@Nullable Order order) {
    Comparator<Position> byValue = Comparator.comparingLong(Position::value);
    boolean descending = order != null && order.descending();
    return (descending ? byValue.reversed() : byValue).thenComparing(Position::id);
  }

  private static Position position(ModelInfo model, @Nullable Order order) {
    return new Position(order == null ? 0 : value(model, order), model.id().value());
  }

  private static long value(ModelInfo model, Order order) {
    return switch (order.sort()) {
      case DOWNLOADS, TRENDING_SCORE -> model.downloads();
      case LIKES -> model.likes();
      case CREATED_AT -> milliseconds(model.createdAt());
      case LAST_MODIFIED -> milliseconds(model.lastModified());
    };
  }

  private static long milliseconds(@Nullable Instant instant) {
    return instant == null ? 0 : instant.toEpochMilli();
  }

  private static String encode(Position position) {
    String text = position.value() + " " + position.id();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static Position decode(String cursor) {
    String[] parts = new String(Base64.getUrlDecoder().decode(cursor), UTF_8).split(" ", 2);
    if (parts.length < 2 || !parts[0].matches("-?\\d{1,18}")) {
      throw new IllegalArgumentException("The cursor is none of this listing");
    }
    return new Position(Long.parseLong(parts[0]), parts[1]);
  }
}
