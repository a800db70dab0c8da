package io.slipway.catalog.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.catalog.RunningCatalog;
import io.slipway.catalog.TestHub;
import io.slipway.catalog.v1.ListSyncsRequest;
import io.slipway.catalog.v1.Sync;
import io.slipway.common.v1.JobState;
import io.slipway.embedded.testing.SharedInfrastructure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeriodicSyncTests {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CONFIG =
      """
      {"model_type": "bert", "architectures": ["BertForSequenceClassification"]}""";

  @TempDir Path directory;

  @Test
  void ordersOneSyncAnIntervalOfTwoInstancesAndThenReadsOnlyWhatHasChanged() {
    Instant longAgo = Instant.parse("2024-05-01T10:00:00Z");
    try (TestHub hub = new TestHub(directory)) {
      for (int i = 0; i < 5; i++) {
        hub.put("acme/model-" + i, CONFIG, "", longAgo);
      }
      List<String> arguments =
          RunningCatalog.arguments(hub.endpoint(), SharedInfrastructure.newDatabase());
      String daily = "--slipway.catalog.sync-interval=1000d";
      try (RunningCatalog one = RunningCatalog.start(arguments, daily);
          RunningCatalog two = RunningCatalog.start(arguments, daily)) {
        await().atMost(PATIENCE).until(() -> succeeded(one).size() == 1);
        assertThat(succeeded(one).getFirst().getModelsSeen()).isEqualTo(5);
        two.bean(PeriodicSync.class).orderOnceEachInterval();
        assertThat(all(two)).hasSize(1);
      }

      hub.put("acme/model-3", CONFIG, "---\nlicense: mit\n---\n", Instant.now());
      try (RunningCatalog later =
          RunningCatalog.start(arguments, "--slipway.catalog.sync-interval=2000d")) {
        await().atMost(PATIENCE).until(() -> succeeded(later).size() == 2);
        Sync newest = succeeded(later).getFirst();
        assertThat(newest.getModelsSeen()).isEqualTo(1);
        assertThat(newest.getModelsChanged()).isEqualTo(1);
        assertThat(later.client().getHubModel("acme", "acme/model-3").getLicense())
            .isEqualTo("mit");
      }
    }
  }

  private static List<Sync> succeeded(RunningCatalog catalog) {
    return all(catalog).stream()
        .filter(sync -> sync.getStatus().getState() == JobState.JOB_STATE_SUCCEEDED)
        .toList();
  }

  private static List<Sync> all(RunningCatalog catalog) {
    return catalog
        .client()
        .call("public", stub -> stub.listSyncs(ListSyncsRequest.getDefaultInstance()))
        .getSyncsList();
  }
}
