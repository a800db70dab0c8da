package io.slipway.imports.job;

import static io.slipway.imports.testing.PlatformClient.failureOf;
import static io.slipway.imports.testing.PlatformClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.common.v1.ArtifactFile;
import io.slipway.common.v1.JobState;
import io.slipway.events.v1.Event;
import io.slipway.imports.testing.Compute;
import io.slipway.imports.testing.Ledger;
import io.slipway.imports.testing.Platform;
import io.slipway.imports.testing.PlatformClient;
import io.slipway.imports.testing.TestHub.Request;
import io.slipway.imports.v1.CancelImportRequest;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportProgress.Step;
import io.slipway.imports.v1.ListImportsRequest;
import io.slipway.imports.v1.WatchImportRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ModelVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImportJobTests {

  private final Platform platform = Platform.shared();
  private final String tenant = "tenant-" + UUID.randomUUID();
  private final PlatformClient client = platform.client(tenant);

  @AfterEach
  void close() {
    client.close();
    platform.neighbours.reset();
  }

  @Test
  void bringsAModelFromTheHubIntoTheRegistryAndPublishesTheFact() {
    platform
        .neighbours
        .repository("acme/tickets", 1000, "billing", "login", "other")
        .file("pytorch_model.bin", "a pickle")
        .file("modeling_tickets.py", "raise SystemExit")
        .file("onnx/model.onnx", "onnx");

    Import done = client.awaitEnd(client.importModel("acme/tickets"));

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(done.getModelVersion()).isEqualTo("models/acme/tickets/versions/1");
    assertThat(done.getHub().getRevision()).isEqualTo("main");
    assertThat(done.getProgress().getStep()).isEqualTo(Step.STEP_REGISTERING);
    assertThat(done.getProgress().getBytesDone())
        .isEqualTo(done.getProgress().getBytesTotal())
        .isPositive();
    assertThat(done.getProgress().getFilesDone()).isEqualTo(5);

    ModelVersion version = version(done.getModelVersion());
    assertThat(version.getTask()).isEqualTo("text-classification");
    assertThat(version.getArchitecture()).isEqualTo("bert");
    assertThat(version.getLabelsList()).containsExactly("billing", "login", "other");
    assertThat(version.getParameterCount()).isEqualTo(1000);
    assertThat(version.getImport()).isEqualTo(done.getName());
    assertThat(version.getOrigin().getHub().getCommit()).matches("[0-9a-f]{40}");
    assertThat(version.getFilesList())
        .extracting(ArtifactFile::getPath)
        .containsExactly(
            "README.md",
            "config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json");
    assertThat(version.getSizeBytes())
        .isEqualTo(version.getFilesList().stream().mapToLong(ArtifactFile::getSizeBytes).sum());
    assertThat(platform.neighbours.compute.holders()).doesNotContain(done.getName());

    Event event = onlyEvent();
    assertThat(event.getSubject()).isEqualTo(done.getModelVersion());
    assertThat(event.getCause()).isEqualTo(done.getName());
    assertThat(event.getModelRegistered().getHubModelId()).isEqualTo("acme/tickets");
    assertThat(event.getModelRegistered().getHubCommit())
        .isEqualTo(version.getOrigin().getHub().getCommit());
  }

  @Test
  void givesTheVersionThatIsThereWhenTheSameContentIsImportedAgain() {
    var repository = platform.neighbours.repository("acme/again", 100);
    Import first = client.awaitEnd(client.importModel("acme/again"));
    Import second = client.awaitEnd(client.importModel("acme/again"));
    assertThat(second.getModelVersion()).isEqualTo("models/acme/again/versions/1");
    assertThat(second.getName()).isNotEqualTo(first.getName());
    assertThat(onlyEvent().getCause()).isEqualTo(first.getName());

    repository.file("README.md", "It has changed.");
    Import third = client.awaitEnd(client.importModel("acme/again"));

    assertThat(third.getModelVersion()).isEqualTo("models/acme/again/versions/2");
  }

  @Test
  void makesOneImportOfARepeatedRequest() {
    platform.neighbours.repository("acme/repeated", 100);
    platform.neighbours.repository("acme/different", 100);

    Import first = client.importModel("acme/repeated", "", "request-1");
    Import repeated = client.importModel("acme/repeated", "main", "request-1");

    assertThat(repeated.getName()).isEqualTo(first.getName());
    assertThat(refusal(() -> client.importModel("acme/different", "", "request-1")))
        .isEqualTo(ErrorCode.REQUEST_ID_REUSED);
    client.awaitEnd(first);
  }

  @Test
  void showsEveryStepToThoseWhoWatch() {
    platform.neighbours.repository("acme/watched", 60_000);
    platform.neighbours.hub.holdWeightsAt(100_000);
    Import started = client.importModel("acme/watched");

    List<Import> seen = new ArrayList<>();
    client
        .imports
        .watchImport(WatchImportRequest.newBuilder().setName(started.getName()).build())
        .forEachRemaining(
            update -> {
              seen.add(update);
              if (update.getProgress().getBytesDone() > 50_000) {
                platform.neighbours.hub.goOn();
              }
            });

    assertThat(seen.getLast().getModelVersion()).isEqualTo("models/acme/watched/versions/1");
    assertThat(seen)
        .extracting(update -> update.getProgress().getStep())
        .contains(Step.STEP_DOWNLOADING, Step.STEP_REGISTERING);
    assertThat(seen)
        .extracting(update -> update.getProgress().getBytesDone())
        .isSorted()
        .anySatisfy(bytes -> assertThat(bytes).isBetween(1L, 239_000L));
  }

  @Test
  void listsTheTenantsImportsNewestFirst() {
    platform.neighbours.repository("acme/listed", 10);
    Import first = client.awaitEnd(client.importModel("acme/listed"));
    Import second = client.awaitEnd(client.importModel("acme/listed"));

    var page = client.imports.listImports(ListImportsRequest.newBuilder().setPageSize(1).build());
    var rest =
        client.imports.listImports(
            ListImportsRequest.newBuilder()
                .setPageSize(1)
                .setPageToken(page.getNextPageToken())
                .build());

    assertThat(page.getImports(0).getName()).isEqualTo(second.getName());
    assertThat(rest.getImports(0).getName()).isEqualTo(first.getName());
    assertThat(rest.getNextPageToken()).isEmpty();
    try (PlatformClient stranger = platform.client("tenant-" + UUID.randomUUID())) {
      assertThat(refusal(() -> stranger.get(first))).isEqualTo(ErrorCode.NOT_FOUND);
    }
  }

  @Test
  void goesOnWhereItWasWhenTheHubComesBack() {
    platform.neighbours.repository("acme/resumed", 200_000);
    platform.neighbours.hub.holdWeightsAt(300_000);
    long before = platform.neighbours.hub.weightBytesServed.get();
    Import started = client.importModel("acme/resumed");
    // A reset connection drops what nobody has read yet.
    await().until(() -> client.get(started).getProgress().getBytesDone() > 200_000);
    platform.neighbours.hub.goDown();
    await().until(() -> client.get(started).getStatus().getAttempt() > 1);

    platform.neighbours.reset();
    Import done = client.awaitEnd(started);

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(done.getStatus().getAttempt()).isGreaterThan(1);
    List<Request> weights =
        platform.neighbours.hub.requestsOf("acme/resumed").stream()
            .filter(request -> request.path().equals("model.safetensors"))
            .toList();
    assertThat(weights.getFirst().offset()).isZero();
    assertThat(weights.getLast().offset()).isPositive();
    // What a broken connection had in flight is sent again, but never the whole file.
    assertThat(platform.neighbours.hub.weightBytesServed.get() - before)
        .isBetween(800_000L, 1_100_000L);
  }

  @Test
  void givesUpAHubThatStaysAway() {
    platform.neighbours.repository("acme/away", 10);
    platform.neighbours.hub.goDown();

    Import failed = client.awaitEnd(client.importModel("acme/away"));

    assertThat(failureOf(failed)).isEqualTo(ErrorCode.HUB_UNREACHABLE);
    assertThat(failed.getStatus().getAttempt()).isEqualTo(4);
    assertThat(onlyEvent().getImportFailed().getReason()).isEqualTo("HUB_UNREACHABLE");
  }

  @Test
  void cancelsADownloadQuicklyAndAllowsToCancelTwice() {
    platform.neighbours.repository("acme/cancelled", 200_000);
    platform.neighbours.hub.holdWeightsAt(100_000);
    Import started = client.importModel("acme/cancelled");
    await().until(() -> client.get(started).getProgress().getBytesDone() > 10_000);
    var cancel = CancelImportRequest.newBuilder().setName(started.getName()).build();

    client.imports.cancelImport(cancel);
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> client.get(started).getStatus().getState() == JobState.JOB_STATE_CANCELLED);
    Import again = client.imports.cancelImport(cancel);

    assertThat(again.getStatus().getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    assertThat(refusal(() -> version("models/acme/cancelled"))).isEqualTo(ErrorCode.NOT_FOUND);

    platform.neighbours.reset();
    Import later = client.awaitEnd(client.importModel("acme/cancelled"));
    assertThat(later.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(platform.neighbours.hub.requestsOf("acme/cancelled"))
        .anySatisfy(request -> assertThat(request.offset()).isPositive());
  }

  @Test
  void givesItsWorkerBackWhenItIsCancelledInTheSmokeRun() {
    platform.neighbours.repository("acme/waiting", 10);
    platform.neighbours.compute.mode = Compute.Mode.PENDING;
    Import started = client.importModel("acme/waiting");
    await().until(() -> platform.neighbours.compute.holders().contains(started.getName()));

    var _ =
        client.imports.cancelImport(
            CancelImportRequest.newBuilder().setName(started.getName()).build());

    assertThat(client.awaitEnd(started).getStatus().getState())
        .isEqualTo(JobState.JOB_STATE_CANCELLED);
    assertThat(platform.neighbours.compute.holders()).doesNotContain(started.getName());
  }

  @Test
  void leavesASucceededImportAsItIsWhenItIsCancelled() {
    platform.neighbours.repository("acme/late", 10);
    Import done = client.awaitEnd(client.importModel("acme/late"));

    Import cancelled =
        client.imports.cancelImport(
            CancelImportRequest.newBuilder().setName(done.getName()).build());

    assertThat(cancelled).isEqualTo(done);
  }

  private ModelVersion version(String name) {
    return client.registry.getModelVersion(
        GetModelVersionRequest.newBuilder().setName(name).build());
  }

  private Event onlyEvent() {
    try (Ledger ledger = new Ledger()) {
      return await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> ledger.of(tenant), events -> !events.isEmpty())
          .stream()
          .reduce(
              (a, b) -> {
                throw new AssertionError("More than one event: " + a + b);
              })
          .orElseThrow();
    }
  }
}
