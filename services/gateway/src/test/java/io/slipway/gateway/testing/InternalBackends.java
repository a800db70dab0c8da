package io.slipway.gateway.testing;

import com.google.protobuf.Empty;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceImplBase;
import io.slipway.registry.v1.GetModelRequest;
import io.slipway.registry.v1.Model;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceImplBase;
import java.util.concurrent.atomic.AtomicInteger;

/** Methods that nobody outside may reach, and one beside them that everybody may. */
public final class InternalBackends {

  public final AtomicInteger pins = new AtomicInteger();

  BindableService registry() {
    return new RegistryServiceImplBase() {
      @Override
      public void getModel(GetModelRequest request, StreamObserver<Model> answer) {
        answer.onNext(Model.newBuilder().setName(request.getName()).build());
        answer.onCompleted();
      }

      @Override
      public void pinVersion(PinVersionRequest request, StreamObserver<Empty> answer) {
        pins.incrementAndGet();
        answer.onNext(Empty.getDefaultInstance());
        answer.onCompleted();
      }
    };
  }

  BindableService compute() {
    return new ComputeServiceImplBase() {};
  }
}
