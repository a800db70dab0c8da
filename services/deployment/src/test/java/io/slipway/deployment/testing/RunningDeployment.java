package io.slipway.deployment.testing;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.slipway.deployment.DeploymentApplication;
import io.slipway.deployment.v1.ComputeServiceGrpc;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.CreateDeploymentRequest;
import io.slipway.deployment.v1.CreateEndpointRequest;
import io.slipway.deployment.v1.Deployment;
import io.slipway.deployment.v1.DeploymentServiceGrpc;
import io.slipway.deployment.v1.DeploymentServiceGrpc.DeploymentServiceBlockingStub;
import io.slipway.deployment.v1.GetDeploymentRequest;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.embedded.testing.SharedInfrastructure.Database;
import io.slipway.kit.SlipwayService;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The deployment service in this JVM, with short patience, and its clients. */
public final class RunningDeployment implements AutoCloseable {

  public static final String SECRET = "a-secret-for-tests";

  private final ConfigurableApplicationContext context;
  private final ManagedChannel channel;

  private RunningDeployment(ConfigurableApplicationContext context) {
    this.context = context;
    this.channel =
        Grpc.newChannelBuilder("localhost:" + port(), InsecureChannelCredentials.create()).build();
  }

  public static RunningDeployment start(
      Database database, RegistryServer registry, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.main.web-application-type=none",
                "--slipway.grpc.port=0",
                "--slipway.database.url=" + database.jdbcUrl(),
                "--slipway.database.user=" + database.user(),
                "--slipway.database.password=" + database.password(),
                "--slipway.kafka.brokers=" + SharedInfrastructure.kafkaBootstrapServers(),
                "--slipway.identity.platform-secret=" + SECRET,
                "--slipway.services.import=" + registry.target(),
                "--slipway.deployment.lease=1500ms",
                "--slipway.deployment.heartbeat=200ms",
                "--slipway.deployment.reconnect-grace=600ms",
                "--slipway.deployment.takeover-grace=3s",
                "--slipway.deployment.reconcile-interval=100ms",
                "--slipway.deployment.watch-interval=20ms",
                "--slipway.deployment.drain-patience=1s"));
    for (String argument : more) {
      // Spring would make a list of an option that is given twice.
      arguments.removeIf(
          given -> given.startsWith(argument.substring(0, argument.indexOf('=') + 1)));
      arguments.add(argument);
    }
    return new RunningDeployment(
        SlipwayService.runBesideOthers(
            DeploymentApplication.class, "deployment", arguments.toArray(String[]::new)));
  }

  public int port() {
    return context.getBean(GrpcServerLifecycle.class).getPort();
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public DeploymentServiceBlockingStub deployments() {
    return deployments("acme");
  }

  public DeploymentServiceBlockingStub deployments(String tenant) {
    return DeploymentServiceGrpc.newBlockingStub(as(tenant));
  }

  public ComputeServiceBlockingStub compute() {
    return ComputeServiceGrpc.newBlockingStub(as("acme"));
  }

  /** A channel whose calls are those of a tenant. */
  private Channel as(String tenant) {
    Caller caller = new Caller(tenant, "apiKeys/test");
    var credentials = new CallerClientInterceptor(new PlatformCredentials(SECRET));
    return ClientInterceptors.intercept(
        channel,
        new ClientInterceptor() {
          @Override
          public <Q, A> ClientCall<Q, A> interceptCall(
              MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return caller.call(() -> credentials.interceptCall(method, options, next));
          }
        });
  }

  public String endpoint(String id) {
    return deployments()
        .createEndpoint(CreateEndpointRequest.newBuilder().setEndpointId(id).build())
        .getName();
  }

  public Deployment deploy(String endpoint, String modelVersion, int replicas) {
    return deployments()
        .createDeployment(
            CreateDeploymentRequest.newBuilder()
                .setParent(endpoint)
                .setDeployment(
                    Deployment.newBuilder().setModelVersion(modelVersion).setReplicas(replicas))
                .build());
  }

  public Deployment get(String deployment) {
    return deployments()
        .getDeployment(GetDeploymentRequest.newBuilder().setName(deployment).build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    context.close();
  }
}
