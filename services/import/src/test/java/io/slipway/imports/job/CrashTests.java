package io.slipway.imports.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.common.v1.JobState;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.embedded.testing.SharedInfrastructure.Database;
import io.slipway.imports.ImportApplication;
import io.slipway.imports.testing.Ledger;
import io.slipway.imports.testing.Neighbours;
import io.slipway.imports.testing.Platform;
import io.slipway.imports.testing.PlatformClient;
import io.slipway.imports.v1.Import;
import io.slipway.kit.identity.Caller;
import io.slipway.process.ChildJvm;
import io.slipway.process.ChildProcess;
import io.slipway.registry.v1.ListModelVersionsRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import survives the death of the process that runs it. */
class CrashTests {

  private static final int WEIGHTS = 500_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;

  @Test
  void registersOneVersionWhenTheProcessIsKilledInMidDownload() throws IOException {
    String tenant = "tenant-" + UUID.randomUUID();
    var database = SharedInfrastructure.newDatabase();
    long killAt = ThreadLocalRandom.current().nextLong(100_000, 1_800_000);
    int port = freePort();
    try (Neighbours neighbours = new Neighbours(directory);
        Ledger ledger = new Ledger()) {
      neighbours.repository("acme/tickets", WEIGHTS);
      neighbours.hub.holdWeightsAt(killAt);
      Import started;
      try (ChildProcess victim = startChild(neighbours, database, port);
          PlatformClient client =
              new PlatformClient(port, new Caller(tenant, "apiKeys/test"), PlatformClient.SECRET)) {
        started = client.importModel("acme/tickets");
        await()
            .atMost(PATIENCE)
            .until(() -> client.get(started).getProgress().getBytesDone() > 50_000);
        victim.kill9();
      }
      neighbours.hub.goOn();

      try (Platform survivor = Platform.start(neighbours, database);
          PlatformClient client = survivor.client(tenant)) {
        Import done = client.awaitEnd(started);

        assertThat(done.getStatus().getState())
            .as("killed after %d bytes", killAt)
            .isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(done.getStatus().getAttempt()).isEqualTo(2);
        assertThat(
                client
                    .registry
                    .listModelVersions(
                        ListModelVersionsRequest.newBuilder()
                            .setParent("models/acme/tickets")
                            .build())
                    .getModelVersionsCount())
            .isEqualTo(1);
        await().atMost(PATIENCE).until(() -> ledger.of(tenant).size() == 1);
        await().during(Duration.ofSeconds(2)).until(() -> ledger.of(tenant).size() == 1);
        assertThat(ledger.of(tenant).getFirst().getSubject()).isEqualTo(done.getModelVersion());
        assertThat(neighbours.hub.requestsOf("acme/tickets"))
            .anySatisfy(request -> assertThat(request.offset()).isPositive());
      }
    }
  }

  private ChildProcess startChild(Neighbours neighbours, Database database, int port) {
    return ChildJvm.running(ImportApplication.class)
        .jvmArguments("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .arguments(Platform.arguments(neighbours, database, "--slipway.grpc.port=" + port))
        .start(directory.resolve("victim.log"));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
