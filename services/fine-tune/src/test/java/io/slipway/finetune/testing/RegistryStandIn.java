package io.slipway.finetune.testing;

import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceImplBase;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Knows versions by their names, and a model's latest by the model's. */
public final class RegistryStandIn extends RegistryServiceImplBase {

  private final Map<String, ModelVersion> versions = new ConcurrentHashMap<>();
  private final Set<String> pins = ConcurrentHashMap.newKeySet();

  public void add(ModelVersion version) {
    versions.put(version.getName(), version);
    versions.put(version.getName().replaceFirst("/versions/.*", ""), version);
  }

  /** Holders of pins on a version. */
  public boolean isPinned(String version, String holder) {
    return pins.contains(version + " " + holder);
  }

  @Override
  public void getModelVersion(
      GetModelVersionRequest request, StreamObserver<ModelVersion> responses) {
    ModelVersion found = versions.get(request.getName());
    if (found == null) {
      Answers.refuse(responses, SlipwayException.notFound(request.getName()));
    } else {
      Answers.answer(responses, found);
    }
  }

  @Override
  public void pinVersion(PinVersionRequest request, StreamObserver<Empty> responses) {
    pins.add(request.getName() + " " + request.getHolder());
    Answers.answer(responses, Empty.getDefaultInstance());
  }

  @Override
  public void unpinVersion(UnpinVersionRequest request, StreamObserver<Empty> responses) {
    pins.remove(request.getName() + " " + request.getHolder());
    Answers.answer(responses, Empty.getDefaultInstance());
  }
}
