package io.slipway.gateway.testing;

import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.gateway.GatewayApplication;
import io.slipway.kit.SlipwayService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway itself in this JVM, with real Kafka and PostgreSQL, and clients for it. */
public final class RunningGateway implements AutoCloseable {

  public static final String KEY = "sk-slipway-bootstrap-key-of-the-tests";
  public static final String TENANT = "default";
  private static final JsonMapper JSON = new JsonMapper();

  public final Platform platform;
  public final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final ConfigurableApplicationContext context;
  private final ManagedChannel channel;

  private RunningGateway(Platform platform, ConfigurableApplicationContext context) {
    this.platform = platform;
    this.context = context;
    this.channel =
        Grpc.newChannelBuilder("localhost:" + grpcPort(), InsecureChannelCredentials.create())
            .build();
  }

  /** One for all tests that do not break it. */
  public static RunningGateway shared() {
    return Shared.GATEWAY;
  }

  private static final class Shared {
    static final RunningGateway GATEWAY =
        start(
            SharedInfrastructure.newDatabase(),
            SharedInfrastructure.kafkaBootstrapServers(),
            "--slipway.gateway.heartbeat=200ms",
            "--slipway.gateway.unary-deadline=2s",
            "--slipway.gateway.limits.upload=4MB",
            "--slipway.gateway.loading-retry-after=7s",
            "--slipway.gateway.limits.concurrent-requests-per-key=40");
  }

  public static RunningGateway start(
      SharedInfrastructure.Database database, String brokers, String... more) {
    RunningGateway gateway = startUnready(database, brokers, more);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isReady(gateway.port()));
    return gateway;
  }

  /** Does not wait until it is ready. */
  public static RunningGateway startUnready(
      SharedInfrastructure.Database database, String brokers, String... more) {
    Platform platform = new Platform();
    List<String> arguments =
        List.of(
            "--slipway.database.url=" + database.jdbcUrl(),
            "--slipway.database.user=" + database.user(),
            "--slipway.database.password=" + database.password(),
            "--slipway.kafka.brokers=" + brokers,
            "--slipway.http.port=0",
            "--slipway.grpc.port=0",
            "--slipway.identity.platform-secret=" + Platform.SECRET,
            "--slipway.gateway.bootstrap-api-key=" + KEY,
            "--slipway.services.catalog-sync=" + platform.target(),
            "--slipway.services.import=" + platform.target(),
            // Nobody is there.
            "--slipway.services.evaluation=static://localhost:1",
            "--slipway.services.fine-tune=" + platform.target(),
            "--slipway.services.deployment=" + platform.target());
    return new RunningGateway(
        platform,
        SlipwayService.runBesideOthers(
            GatewayApplication.class,
            "gateway",
            Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new)));
  }

  private static boolean isReady(int port) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + port + "/actuator/health/readiness"))
              .build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  public int port() {
    return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  public int grpcPort() {
    return context.getBean(GrpcServerLifecycle.class).getPort();
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** A request with the tests' key. */
  public HttpRequest.Builder request(String pathAndQuery) {
    return anonymous(pathAndQuery).header("Authorization", "Bearer " + KEY);
  }

  public HttpRequest.Builder anonymous(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + pathAndQuery))
        .timeout(Duration.ofSeconds(30));
  }

  public Reply send(HttpRequest.Builder request) {
    try {
      return new Reply(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public Reply get(String pathAndQuery) {
    return send(request(pathAndQuery));
  }

  public Reply post(String pathAndQuery, String json) {
    return send(
        request(pathAndQuery)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** A channel without a key. */
  public ManagedChannel channel() {
    return channel;
  }

  public static ClientInterceptor key(String secret) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + secret);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** What came back. */
  public record Reply(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    context.close();
    platform.close();
  }
}
