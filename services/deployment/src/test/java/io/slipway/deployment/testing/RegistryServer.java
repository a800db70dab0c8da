package io.slipway.deployment.testing;

import com.google.protobuf.Empty;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.identity.CallerServerInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceImplBase;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The registry, as far as deployment needs it, on a real server. */
public final class RegistryServer extends RegistryServiceImplBase implements AutoCloseable {

  private final Map<String, ModelVersion> versions = new ConcurrentHashMap<>();
  private final Set<String> pins = ConcurrentHashMap.newKeySet();
  private final Server server;

  public RegistryServer() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                ServerInterceptors.intercept(
                    this,
                    new CallerServerInterceptor(new PlatformCredentials(RunningDeployment.SECRET))))
            .build()
            .start();
  }

  public String target() {
    return "static://localhost:" + server.getPort();
  }

  /** Registers a version of a model that takes so many bytes. */
  public String add(String name, long bytes) {
    return add(
        name,
        List.of(
            ArtifactFile.newBuilder()
                .setPath("model.safetensors")
                .setSha256("ab".repeat(32))
                .setSizeBytes(bytes)
                .build()));
  }

  public String add(String name, List<ArtifactFile> files) {
    versions.put(
        name,
        ModelVersion.newBuilder()
            .setName(name)
            .setTask("text-classification")
            .addAllFiles(files)
            .build());
    return name;
  }

  /** Holders of a version, each with its tenant. */
  public Set<String> pinsOf(String version) {
    return pins.stream().filter(pin -> pin.startsWith(version + " ")).collect(Collectors.toSet());
  }

  @Override
  public void getModelVersion(
      GetModelVersionRequest request, StreamObserver<ModelVersion> response) {
    ModelVersion version =
        versions.getOrDefault(request.getName(), versions.get(request.getName() + "/versions/1"));
    if (version == null) {
      response.onError(GrpcErrors.toException(SlipwayException.notFound(request.getName())));
    } else {
      response.onNext(version);
      response.onCompleted();
    }
  }

  @Override
  public void pinVersion(PinVersionRequest request, StreamObserver<Empty> response) {
    pins.add(pin(request.getName(), request.getHolder()));
    response.onNext(Empty.getDefaultInstance());
    response.onCompleted();
  }

  @Override
  public void unpinVersion(UnpinVersionRequest request, StreamObserver<Empty> response) {
    pins.remove(pin(request.getName(), request.getHolder()));
    response.onNext(Empty.getDefaultInstance());
    response.onCompleted();
  }

  private static String pin(String version, String holder) {
    return version + " " + Caller.current().tenant() + " " + holder;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
