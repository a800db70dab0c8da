package io.slipway.registry;

import static io.slipway.imports.testing.PlatformClient.refusal;
import static io.slipway.imports.testing.PlatformClient.refusalMessage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.slipway.imports.testing.Ledger;
import io.slipway.imports.testing.Platform;
import io.slipway.imports.testing.PlatformClient;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.registry.v1.DeleteModelRequest;
import io.slipway.registry.v1.GetModelRequest;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ListModelVersionsRequest;
import io.slipway.registry.v1.ListModelsRequest;
import io.slipway.registry.v1.Model;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTests {

  private final Platform platform = Platform.shared();
  private final String tenant = "tenant-" + UUID.randomUUID();
  private final PlatformClient client = platform.client(tenant);

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void givesTheNewestVersionOfAModel() {
    imported("acme/tickets", "one");
    imported("acme/tickets", "two");

    Model model =
        client.registry.getModel(
            GetModelRequest.newBuilder().setName("models/acme/tickets").build());

    assertThat(model.getId()).isEqualTo("acme/tickets");
    assertThat(model.getTask()).isEqualTo("text-classification");
    assertThat(model.getLatestVersion()).isEqualTo("models/acme/tickets/versions/2");
    assertThat(version("models/acme/tickets").getName())
        .isEqualTo("models/acme/tickets/versions/2");
    assertThat(version("models/acme/tickets/versions/1").getFilesCount()).isEqualTo(5);
  }

  @Test
  void listsModelsAndVersionsPageByPage() {
    imported("acme/a", "one");
    imported("acme/a", "two");
    imported("acme/a", "three");
    imported("acme/b", "one");

    var firstModels =
        client.registry.listModels(ListModelsRequest.newBuilder().setPageSize(1).build());
    var lastModels =
        client.registry.listModels(
            ListModelsRequest.newBuilder().setPageToken(firstModels.getNextPageToken()).build());
    var first = versions("");
    var last = versions(first.getNextPageToken());

    assertThat(firstModels.getModelsList()).extracting(Model::getId).containsExactly("acme/a");
    assertThat(lastModels.getModelsList()).extracting(Model::getId).containsExactly("acme/b");
    assertThat(lastModels.getNextPageToken()).isEmpty();
    assertThat(first.getModelVersionsList())
        .extracting(ModelVersion::getName)
        .containsExactly("models/acme/a/versions/3", "models/acme/a/versions/2");
    assertThat(last.getModelVersionsList())
        .extracting(ModelVersion::getName)
        .containsExactly("models/acme/a/versions/1");
    assertThat(refusal(() -> versions("bm90IGEgbnVtYmVy"))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  private io.slipway.registry.v1.ListModelVersionsResponse versions(String pageToken) {
    return client.registry.listModelVersions(
        ListModelVersionsRequest.newBuilder()
            .setParent("models/acme/a")
            .setPageSize(2)
            .setPageToken(pageToken)
            .build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"models/acme/nothing", "models/acme/tickets/versions/9", "models/x/y/versions/1"})
  void saysThatAVersionIsNotThere(String name) {
    imported("acme/tickets", "one");

    assertThat(refusal(() -> version(name))).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(refusalMessage(() -> version(name))).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "models/acme",
        "models/acme/x/versions/0",
        "models/acme/x/versions/99999999999",
        "models/acme/../versions/1",
        "endpoints/x"
      })
  void refusesANameOfAnotherForm(String name) {
    assertThat(refusal(() -> version(name))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void keepsOneTenantsModelsFromAnother() {
    imported("acme/secret", "one");

    try (PlatformClient stranger = platform.client("tenant-" + UUID.randomUUID())) {
      var request = GetModelVersionRequest.newBuilder().setName("models/acme/secret").build();
      assertThat(refusal(() -> stranger.registry.getModelVersion(request)))
          .isEqualTo(ErrorCode.NOT_FOUND);
      assertThat(
              stranger.registry.listModels(ListModelsRequest.getDefaultInstance()).getModelsList())
          .isEmpty();
    }
  }

  @Test
  void refusesToDeleteAPinnedModelAndNamesWhoNeedsIt() {
    String version = imported("acme/needed", "one");
    pin(version, "deployments/d1");
    pin(version, "deployments/d1");
    pin(version, "evaluations/e7");

    assertThat(refusal(() -> delete("models/acme/needed"))).isEqualTo(ErrorCode.VERSION_PINNED);
    assertThat(refusalMessage(() -> delete("models/acme/needed")))
        .contains("deployments/d1", "evaluations/e7", "version 1");
    assertThat(version("models/acme/needed").getName()).isEqualTo(version);

    unpin(version, "deployments/d1");
    unpin(version, "deployments/d1");
    unpin(version, "evaluations/e7");
    delete("models/acme/needed");

    assertThat(refusal(() -> version(version))).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void deletesAModelOnceAndNeverGivesItsNumbersOutAgain() {
    imported("acme/gone", "one");
    imported("acme/gone", "two");

    delete("models/acme/gone");

    assertThat(refusal(() -> delete("models/acme/gone"))).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(client.registry.listModels(ListModelsRequest.getDefaultInstance()).getModelsList())
        .isEmpty();
    try (Ledger ledger = new Ledger()) {
      await()
          .until(
              () ->
                  ledger.of(tenant).stream()
                          .filter(event -> event.hasModelDeleted())
                          .filter(event -> event.getSubject().equals("models/acme/gone"))
                          .count()
                      == 1);
    }
    assertThat(imported("acme/gone", "one")).isEqualTo("models/acme/gone/versions/3");
  }

  @Test
  void refusesToPinWhatIsNotThere() {
    assertThat(refusal(() -> pin("models/acme/nothing/versions/1", "deployments/d1")))
        .isEqualTo(ErrorCode.NOT_FOUND);
    String version = imported("acme/pins", "one");
    assertThat(refusal(() -> pin(version, ""))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void letsEitherThePinOrTheDeletionWinAndNeverBoth() throws Exception {
    imported("acme/raced", "start");
    CyclicBarrier barrier = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 25; round++) {
        String version = imported("acme/raced", "round " + round);
        Future<Boolean> pinned =
            threads.submit(racing(barrier, () -> pin(version, "deployments/d")));
        Future<Boolean> deleted =
            threads.submit(racing(barrier, () -> delete("models/acme/raced")));

        assertThat(deleted.get()).as("round %d", round).isNotEqualTo(pinned.get());
        if (pinned.get()) {
          assertThat(version(version).getName()).isEqualTo(version);
          unpin(version, "deployments/d");
        }
      }
    }
  }

  private static Callable<Boolean> racing(CyclicBarrier barrier, Callable<?> call) {
    return () -> {
      barrier.await();
      try {
        call.call();
        return true;
      } catch (StatusRuntimeException refused) {
        // The loser is told why; a constraint of the database would show as INTERNAL.
        assertThat(GrpcErrors.fromException(refused).code())
            .isIn(ErrorCode.NOT_FOUND, ErrorCode.VERSION_PINNED);
        return false;
      }
    };
  }

  /** Registers a version whose content differs by its README. */
  private String imported(String modelId, String readme) {
    platform.neighbours.repository(modelId, 10).file("README.md", readme + tenant);
    return client.awaitEnd(client.importModel(modelId)).getModelVersion();
  }

  private ModelVersion version(String name) {
    return client.registry.getModelVersion(
        GetModelVersionRequest.newBuilder().setName(name).build());
  }

  private Object pin(String version, String holder) {
    return client.registry.pinVersion(
        PinVersionRequest.newBuilder().setName(version).setHolder(holder).build());
  }

  private void unpin(String version, String holder) {
    var _ =
        client.registry.unpinVersion(
            UnpinVersionRequest.newBuilder().setName(version).setHolder(holder).build());
  }

  private Object delete(String model) {
    return client.registry.deleteModel(DeleteModelRequest.newBuilder().setName(model).build());
  }
}
