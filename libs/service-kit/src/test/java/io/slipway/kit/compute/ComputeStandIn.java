package io.slipway.kit.compute;

import com.google.protobuf.Empty;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceImplBase;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps one grant, and does with it what the test says. */
final class ComputeStandIn extends ComputeServiceImplBase
    implements ServerInterceptor, AutoCloseable {

  final List<AcquireGrantRequest> acquired = new CopyOnWriteArrayList<>();
  final List<RenewGrantRequest> renewed = new CopyOnWriteArrayList<>();
  final List<String> released = new CopyOnWriteArrayList<>();
  final List<String> tenants = new CopyOnWriteArrayList<>();
  final AtomicInteger refused = new AtomicInteger();
  volatile boolean unreachable;

  private final Server server;
  private volatile @Nullable Grant grant;

  ComputeStandIn() throws IOException {
    server = ServerBuilder.forPort(0).addService(this).intercept(this).build().start();
  }

  int port() {
    return server.getPort();
  }

  /** Changes the grant. */
  void change(UnaryOperator<Grant.Builder> change) {
    Grant now = grant;
    if (now != null) {
      grant = change.apply(now.toBuilder()).build();
    }
  }

  void forget() {
    grant = null;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (unreachable) {
      refused.incrementAndGet();
      call.close(Status.UNAVAILABLE.withDescription("nobody is there"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    String tenant =
        headers.get(Metadata.Key.of("slipway-tenant", Metadata.ASCII_STRING_MARSHALLER));
    tenants.add(call.getMethodDescriptor().getBareMethodName() + " of " + tenant);
    return next.startCall(call, headers);
  }

  @Override
  public void acquireGrant(AcquireGrantRequest request, StreamObserver<Grant> responses) {
    acquired.add(request);
    Grant.Builder made =
        Grant.newBuilder()
            .setName("grants/1")
            .setState(Grant.State.STATE_PENDING)
            .setHolder(request.getHolder())
            .setAttempt(request.getAttempt());
    if (request.hasModel()) {
      made.setModel(request.getModel());
    } else {
      made.setTrainer(request.getTrainer());
    }
    grant = made.build();
    answer(responses);
  }

  @Override
  public void getGrant(GetGrantRequest request, StreamObserver<Grant> responses) {
    answer(responses);
  }

  @Override
  public void renewGrant(RenewGrantRequest request, StreamObserver<Grant> responses) {
    renewed.add(request);
    answer(responses);
  }

  private void answer(StreamObserver<Grant> responses) {
    Grant now = grant;
    if (now == null) {
      responses.onError(Status.NOT_FOUND.asException());
      return;
    }
    responses.onNext(now);
    responses.onCompleted();
  }

  @Override
  public void releaseGrant(ReleaseGrantRequest request, StreamObserver<Empty> responses) {
    released.add(request.getName());
    responses.onNext(Empty.getDefaultInstance());
    responses.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
