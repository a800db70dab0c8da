package io.slipway.evaluation.neighbours;

import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceImplBase;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Versions that tests have put there, and who has pinned them. */
public final class Registry extends RegistryServiceImplBase {

  private final Map<String, ModelVersion> versions = new ConcurrentHashMap<>();
  public final Map<String, String> pins = new ConcurrentHashMap<>();
  public volatile boolean down;

  /** Adds a version under its name, and as its model's latest one. */
  public ModelVersion add(String name, String task, String... labels) {
    ModelVersion version =
        ModelVersion.newBuilder().setName(name).setTask(task).addAllLabels(List.of(labels)).build();
    versions.put(name, version);
    versions.put(name.substring(0, name.indexOf("/versions/")), version);
    return version;
  }

  @Override
  public void getModelVersion(
      GetModelVersionRequest request, StreamObserver<ModelVersion> responses) {
    ModelVersion version = versions.get(request.getName());
    if (version == null) {
      responses.onError(GrpcErrors.toException(SlipwayException.notFound(request.getName())));
      return;
    }
    responses.onNext(version);
    responses.onCompleted();
  }

  @Override
  public void pinVersion(PinVersionRequest request, StreamObserver<Empty> responses) {
    pins.put(request.getHolder(), request.getName());
    responses.onNext(Empty.getDefaultInstance());
    responses.onCompleted();
  }

  @Override
  public void unpinVersion(UnpinVersionRequest request, StreamObserver<Empty> responses) {
    if (down) {
      responses.onError(Status.UNAVAILABLE.asException());
      return;
    }
    pins.remove(request.getHolder(), request.getName());
    responses.onNext(Empty.getDefaultInstance());
    responses.onCompleted();
  }
}
