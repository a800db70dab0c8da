package io.slipway.catalog.sync;

import io.slipway.catalog.CatalogProperties;
import io.slipway.catalog.HubProperties;
import io.slipway.catalog.model.ListedModels;
import io.slipway.catalog.v1.SyncOrder;
import io.slipway.catalog.v1.SyncProgress;
import io.slipway.hub.HubClient;
import io.slipway.hub.HubException;
import io.slipway.hub.ModelPage;
import io.slipway.hub.ModelQuery;
import io.slipway.hub.ModelQuery.Sort;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import org.springframework.stereotype.Component;

/** The hub's listing, page by page. */
@Component
class HubListing {

  private final HubClient hub;
  private final HubProperties address;
  private final CatalogProperties properties;

  HubListing(HubClient hub, HubProperties address, CatalogProperties properties) {
    this.hub = hub;
    this.address = address;
    this.properties = properties;
  }

  /**
   * The page at which a sync has arrived.
   *
   * @throws SlipwayException HUB_UNREACHABLE, also when the hub's rate limit is used up for longer
   *     than is worth waiting; FAILED_PRECONDITION when it refuses the token
   */
  ModelPage page(SyncOrder order, SyncProgress progress) throws InterruptedException {
    try {
      return progress.getCursor().isEmpty()
          ? hub.listModels(query(order, progress))
          : hub.nextPage(progress.getCursor());
    } catch (HubException.InvalidCredentials e) {
      throw new SlipwayException(
          ErrorCode.FAILED_PRECONDITION,
          "%s refuses the token in slipway.hub.token: %s"
              .formatted(address.endpoint(), e.getMessage()),
          e);
    } catch (HubException e) {
      throw new SlipwayException(
          ErrorCode.HUB_UNREACHABLE,
          "The listing of %s cannot be read after %d models: %s"
              .formatted(address.endpoint(), progress.getModelsSeen(), e.getMessage()),
          e);
    }
  }

  /** What matters most comes first, in case that a limit ends the crawl. */
  private ModelQuery query(SyncOrder order, SyncProgress progress) {
    ModelQuery query =
        ModelQuery.ALL
            .sorted(progress.hasKnownUntil() ? Sort.LAST_MODIFIED : Sort.DOWNLOADS, true)
            .limitedTo(properties.pageSize())
            .showing(ListedModels.fields());
    String search = order.getSync().getSearch();
    return search.isEmpty() ? query : query.searching(search);
  }
}
