package io.slipway.finetune.testing;

import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.slipway.common.v1.JobState;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.embedded.testing.SharedInfrastructure.Database;
import io.slipway.finetune.FineTuneApplication;
import io.slipway.finetune.v1.CancelFineTuneJobRequest;
import io.slipway.finetune.v1.CreateFineTuneJobRequest;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneServiceGrpc;
import io.slipway.finetune.v1.FineTuneServiceGrpc.FineTuneServiceBlockingStub;
import io.slipway.finetune.v1.GetFineTuneJobRequest;
import io.slipway.finetune.v1.TrainingServiceGrpc;
import io.slipway.finetune.v1.TrainingServiceGrpc.TrainingServiceBlockingStub;
import io.slipway.kit.SlipwayService;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import io.slipway.process.ChildJvm;
import io.slipway.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A fine-tune service, in this JVM or in one of its own, and what tests ask of it. */
public final class RunningFineTune implements AutoCloseable {

  public static final String SECRET = "a-secret-of-the-tests";

  /** Who the jobs belong to. */
  public static final Caller OWNER = new Caller("acme", "apiKeys/test");

  private final int port;
  private final AutoCloseable service;
  private final ManagedChannel channel;

  private RunningFineTune(int port, AutoCloseable service) {
    this.port = port;
    this.service = service;
    this.channel =
        Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
  }

  public static RunningFineTune start(
      Database database, Neighbours neighbours, Path store, String... more) {
    return start(database, neighbours.target(), neighbours.target(), store, more);
  }

  /**
   * @param imports target of the import service
   * @param deployment target of the deployment service
   */
  public static RunningFineTune start(
      Database database, String imports, String deployment, Path store, String... more) {
    int port = freePort();
    String[] arguments = arguments(database, imports, deployment, store, port, more);
    return new RunningFineTune(
        port,
        SlipwayService.runBesideOthers(FineTuneApplication.class, "fine-tune", arguments)::close);
  }

  public static RunningFineTune startInItsOwnJvm(
      Database database, Neighbours neighbours, Path store, Path log, String... more) {
    int port = freePort();
    return new RunningFineTune(
        port,
        ChildJvm.running(FineTuneApplication.class)
            .jvmArguments("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
            .arguments(
                arguments(database, neighbours.target(), neighbours.target(), store, port, more))
            .start(log));
  }

  private static String[] arguments(
      Database database, String imports, String deployment, Path store, int port, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.main.web-application-type=none",
                "--slipway.identity.platform-secret=" + SECRET,
                "--slipway.database.url=" + database.jdbcUrl(),
                "--slipway.database.user=" + database.user(),
                "--slipway.database.password=" + database.password(),
                "--slipway.kafka.brokers=" + SharedInfrastructure.kafkaBootstrapServers(),
                "--slipway.services.import=" + imports,
                "--slipway.services.deployment=" + deployment,
                "--slipway.artifacts.root=" + store,
                "--slipway.grpc.port=" + port,
                "--slipway.fine-tune.poll=30ms",
                "--slipway.fine-tune.grant-check=60ms",
                "--slipway.fine-tune.grant-time-to-live=600ms",
                "--slipway.fine-tune.sweep=100ms",
                "--slipway.jobs.poll=100ms",
                "--slipway.jobs.heartbeat=100ms",
                "--slipway.jobs.lease=2s",
                "--slipway.jobs.retry-delay=50ms",
                "--slipway.jobs.watch-interval=30ms"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** The process, when the service has one of its own. */
  public ChildProcess process() {
    return (ChildProcess) service;
  }

  public int port() {
    return port;
  }

  public FineTuneJob create(FineTuneJob.Builder job) {
    return create(job, "");
  }

  public FineTuneJob create(FineTuneJob.Builder job, String requestId) {
    return ask(
        api ->
            api.createFineTuneJob(
                CreateFineTuneJobRequest.newBuilder()
                    .setFineTuneJob(job)
                    .setRequestId(requestId)
                    .build()));
  }

  public FineTuneJob get(String name) {
    return ask(api -> api.getFineTuneJob(GetFineTuneJobRequest.newBuilder().setName(name).build()));
  }

  public JobState state(String name) {
    return get(name).getStatus().getState();
  }

  public FineTuneJob cancel(String name) {
    return ask(
        api -> api.cancelFineTuneJob(CancelFineTuneJobRequest.newBuilder().setName(name).build()));
  }

  /** Asks as the jobs' owner. */
  public <T> T ask(Function<FineTuneServiceBlockingStub, T> question) {
    return ask(OWNER, question);
  }

  public <T> T ask(Caller caller, Function<FineTuneServiceBlockingStub, T> question) {
    var api =
        FineTuneServiceGrpc.newBlockingStub(
            ClientInterceptors.intercept(channel, new CallerClientInterceptor(credentials())));
    return caller.call(() -> question.apply(api));
  }

  /** What a trainer calls. */
  public TrainingServiceBlockingStub training() {
    return TrainingServiceGrpc.newBlockingStub(
        ClientInterceptors.intercept(channel, new CallerClientInterceptor(credentials())));
  }

  private static PlatformCredentials credentials() {
    return new PlatformCredentials(SECRET);
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      service.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
