package io.slipway.catalog.sync;

import io.slipway.catalog.v1.SyncProgress;
import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelPage;
import java.time.Instant;
import java.util.List;

/**
 * What a sync takes of a page.
 *
 * @param exhausted nothing that the sync looks for comes after it
 * @param complete the sync ends with it
 */
record PageCut(List<ModelInfo> models, boolean exhausted, boolean complete) {

  /**
   * @param limit most models of the whole sync
   */
  static PageCut of(ModelPage page, SyncProgress before, int limit) {
    int room = Math.max(0, limit - before.getModelsSeen());
    List<ModelInfo> news =
        page.models().stream().takeWhile(model -> isNews(model, before)).toList();
    List<ModelInfo> taken = news.stream().limit(room).toList();
    boolean reachedTheKnown = news.size() < page.models().size();
    boolean exhausted =
        taken.size() == news.size() && (reachedTheKnown || page.nextCursor().isEmpty());
    return new PageCut(taken, exhausted, exhausted || taken.size() == room);
  }

  private static boolean isNews(ModelInfo model, SyncProgress progress) {
    Instant modified = model.lastModified();
    return !progress.hasKnownUntil()
        || modified == null
        || modified.getEpochSecond() >= progress.getKnownUntil().getSeconds();
  }
}
