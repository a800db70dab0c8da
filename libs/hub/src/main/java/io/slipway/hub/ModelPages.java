package io.slipway.hub;

import java.util.Optional;

/** The pages of a listing, each asked for when it is wanted. For one thread. */
public final class ModelPages {

  private final HubClient client;
  private final ModelQuery query;
  private Optional<String> cursor;
  private boolean first;

  ModelPages(HubClient client, ModelQuery query, Optional<String> cursor) {
    this.client = client;
    this.query = query;
    this.cursor = cursor;
    this.first = cursor.isEmpty();
  }

  /** Whether there is another page, as far as the hub has said. */
  public boolean hasNext() {
    return first || cursor.isPresent();
  }

  /**
   * Where the next page begins: store it to go on after a restart. Empty at the beginning and end.
   */
  public Optional<String> cursor() {
    return cursor;
  }

  /**
   * The next page. When this throws, the same page may be asked for again.
   *
   * @throws HubException as {@link HubClient#listModels}
   * @throws java.util.NoSuchElementException after the last page
   */
  public ModelPage next() throws InterruptedException {
    ModelPage page = first ? client.listModels(query) : client.nextPage(cursor.orElseThrow());
    first = false;
    cursor = page.nextCursor();
    return page;
  }
}
