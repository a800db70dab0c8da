package io.slipway.kit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.kit.RunningService;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceImplBase;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class VersionPinsTests {

  private static final String VERSION = "models/acme/tickets/versions/1";
  private static final String STUBBORN = "models/acme/stubborn/versions/1";

  private static RunningService service;
  private static Registry registry;
  private static Server server;
  private static ManagedChannel channel;
  private static VersionPins pins;

  @BeforeAll
  static void start() throws IOException {
    service = RunningService.start(SharedInfrastructure.newDatabase());
    registry = new Registry();
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(registry)
            .build()
            .start();
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
            .build();
    pins =
        new VersionPins(
            service.bean(JdbcClient.class),
            RegistryServiceGrpc.newBlockingStub(channel),
            Duration.ofSeconds(10));
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    service.close();
  }

  @Test
  void keepAVersionUntilItsJobHasEnded() {
    Job job = service.submit("", "count:100000");
    pins.pin(job, VERSION);
    pins.pin(job, VERSION);

    pins.letGoOfEnded(ended -> {});
    assertThat(registry.pinned).contains(job.name() + " " + VERSION);

    end(job);
    List<String> freed = new ArrayList<>();
    pins.letGoOfEnded(ended -> freed.add(ended.name()));
    assertThat(registry.pinned).doesNotContain(job.name() + " " + VERSION);
    assertThat(freed).containsExactly(job.name());

    pins.letGoOfEnded(ended -> freed.add(ended.name()));
    assertThat(freed).hasSize(1);
  }

  @Test
  void tryAgainWhatCannotBeLetGoAndLetGoOfTheOthers() {
    Job stuck = pinned(STUBBORN);
    Job broken = pinned(VERSION);
    Job fine = pinned(VERSION);
    registry.stubborn = true;

    pins.letGoOfEnded(
        job -> {
          if (job.name().equals(broken.name())) {
            throw new IllegalStateException("Its files cannot be deleted.");
          }
        });

    assertThat(written()).contains(stuck.id(), broken.id()).doesNotContain(fine.id());

    registry.stubborn = false;
    pins.letGoOfEnded(job -> {});

    assertThat(registry.pinned).isEmpty();
    assertThat(written()).isEmpty();
  }

  private static Job pinned(String version) {
    Job job = service.submit("", "count:100000");
    pins.pin(job, version);
    end(job);
    return job;
  }

  private static void end(Job job) {
    service.cancel(job.name());
    await().until(() -> service.job(job.name()).state() instanceof JobState.Cancelled);
  }

  private static List<String> written() {
    return service
        .bean(JdbcClient.class)
        .sql("select job_id from version_pin")
        .query(String.class)
        .list();
  }

  /** Knows who has pinned what. */
  private static final class Registry extends RegistryServiceImplBase {

    final Set<String> pinned = ConcurrentHashMap.newKeySet();

    /** Does not answer for one of the versions. */
    volatile boolean stubborn;

    @Override
    public void pinVersion(PinVersionRequest request, StreamObserver<Empty> responses) {
      pinned.add(request.getHolder() + " " + request.getName());
      answer(responses);
    }

    @Override
    public void unpinVersion(UnpinVersionRequest request, StreamObserver<Empty> responses) {
      if (stubborn && request.getName().equals(STUBBORN)) {
        responses.onError(Status.UNAVAILABLE.asException());
        return;
      }
      pinned.remove(request.getHolder() + " " + request.getName());
      answer(responses);
    }

    private static void answer(StreamObserver<Empty> responses) {
      responses.onNext(Empty.getDefaultInstance());
      responses.onCompleted();
    }
  }
}
