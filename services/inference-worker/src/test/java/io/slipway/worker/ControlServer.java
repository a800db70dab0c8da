package io.slipway.worker;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.DesiredModel;
import io.slipway.deployment.v1.DesiredModels;
import io.slipway.deployment.v1.Drain;
import io.slipway.deployment.v1.LoadedModel;
import io.slipway.deployment.v1.Welcome;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceImplBase;
import io.slipway.deployment.v1.WorkerDirective;
import io.slipway.deployment.v1.WorkerReport;
import io.slipway.deployment.v1.WorkerState;
import io.slipway.kit.identity.CallerServerInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The deployment service's side of the control stream, on a real server. */
final class ControlServer extends WorkerControlServiceImplBase implements AutoCloseable {

  final List<WorkerReport.Hello> hellos = new CopyOnWriteArrayList<>();
  final List<WorkerState> states = new CopyOnWriteArrayList<>();
  final AtomicInteger completed = new AtomicInteger();
  private volatile StreamObserver<WorkerDirective> directives;
  private final Server server;

  ControlServer(int port, String secret) throws IOException {
    server =
        Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
            .addService(
                ServerInterceptors.intercept(
                    this, new CallerServerInterceptor(new PlatformCredentials(secret))))
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public StreamObserver<WorkerReport> connect(StreamObserver<WorkerDirective> stream) {
    return new StreamObserver<>() {
      @Override
      public void onNext(WorkerReport report) {
        if (report.hasHello()) {
          stream.onNext(
              WorkerDirective.newBuilder()
                  .setWelcome(
                      Welcome.newBuilder()
                          .setHeartbeatInterval(
                              com.google.protobuf.Duration.newBuilder().setNanos(100_000_000)))
                  .build());
          directives = stream;
          hellos.add(report.getHello());
        } else {
          states.add(report.getState());
        }
      }

      @Override
      public void onError(Throwable broken) {
        directives = null;
      }

      @Override
      public void onCompleted() {
        completed.incrementAndGet();
        stream.onCompleted();
      }
    };
  }

  void desire(DesiredModel... models) {
    directives.onNext(
        WorkerDirective.newBuilder()
            .setDesiredModels(DesiredModels.newBuilder().addAllModels(List.of(models)))
            .build());
  }

  void drain() {
    directives.onNext(WorkerDirective.newBuilder().setDrain(Drain.getDefaultInstance()).build());
  }

  WorkerState lastState() {
    return states.isEmpty() ? WorkerState.getDefaultInstance() : states.getLast();
  }

  /** The last reported state of a model; STATE_UNSPECIFIED when there is none. */
  LoadedModel.State stateOf(String model) {
    return lastState().getModelsList().stream()
        .filter(loaded -> loaded.getModel().equals(model))
        .map(LoadedModel::getState)
        .findFirst()
        .orElse(LoadedModel.State.STATE_UNSPECIFIED);
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
