package io.slipway.trainer.testing;

import com.google.protobuf.Duration;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.Drain;
import io.slipway.deployment.v1.StopRun;
import io.slipway.deployment.v1.TrainerAssignment;
import io.slipway.deployment.v1.Welcome;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceImplBase;
import io.slipway.deployment.v1.WorkerDirective;
import io.slipway.deployment.v1.WorkerReport;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.deployment.v1.WorkerState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The other end of control streams, which does what the test says. */
public final class ControlStandIn extends WorkerControlServiceImplBase {

  private static final int HEARTBEAT_MILLIS = 100;

  private final List<Connected> connected = new CopyOnWriteArrayList<>();
  private volatile boolean away;
  private volatile Consumer<Connected> onReport = worker -> {};
  private volatile Consumer<Connected> onLoss = worker -> {};

  /** One stream. */
  public static final class Connected implements StreamObserver<WorkerReport> {

    private final ControlStandIn control;
    private final StreamObserver<WorkerDirective> directives;
    private volatile Hello hello = Hello.getDefaultInstance();
    private volatile Optional<WorkerState> state = Optional.empty();

    private Connected(ControlStandIn control, StreamObserver<WorkerDirective> directives) {
      this.control = control;
      this.directives = directives;
    }

    public Hello hello() {
      return hello;
    }

    /** The last report. */
    public WorkerState state() {
      return state.orElse(WorkerState.getDefaultInstance());
    }

    public boolean isIdle() {
      return state.isPresent() && !state().hasRun();
    }

    public void assign(String job, int attempt) {
      send(
          WorkerDirective.newBuilder()
              .setAssignment(TrainerAssignment.newBuilder().setJob(job).setAttempt(attempt)));
    }

    public void stopRun(String job, int attempt) {
      send(
          WorkerDirective.newBuilder()
              .setStopRun(StopRun.newBuilder().setJob(job).setAttempt(attempt)));
    }

    public void drain() {
      send(WorkerDirective.newBuilder().setDrain(Drain.getDefaultInstance()));
    }

    private synchronized void send(WorkerDirective.Builder directive) {
      directives.onNext(directive.build());
    }

    private synchronized void breakOff() {
      directives.onError(Status.UNAVAILABLE.asException());
    }

    @Override
    public void onNext(WorkerReport report) {
      if (report.hasHello()) {
        hello = report.getHello();
        send(
            WorkerDirective.newBuilder()
                .setWelcome(
                    Welcome.newBuilder()
                        .setHeartbeatInterval(
                            Duration.newBuilder().setNanos(HEARTBEAT_MILLIS * 1_000_000))));
        control.connected.add(this);
      } else {
        state = Optional.of(report.getState());
        control.onReport.accept(this);
      }
    }

    @Override
    public void onError(Throwable failure) {
      ended();
    }

    @Override
    public void onCompleted() {
      ended();
    }

    private void ended() {
      control.connected.remove(this);
      control.onLoss.accept(this);
    }
  }

  public List<Connected> connected() {
    return connected;
  }

  public void onReport(Consumer<Connected> listener) {
    onReport = listener;
  }

  public void onLoss(Consumer<Connected> listener) {
    onLoss = listener;
  }

  /** Breaks all streams and refuses new ones until {@link #comeBack}. */
  public void goAway() {
    away = true;
    for (Connected worker : connected) {
      connected.remove(worker);
      worker.breakOff();
    }
  }

  public void comeBack() {
    away = false;
  }

  @Override
  public StreamObserver<WorkerReport> connect(StreamObserver<WorkerDirective> directives) {
    Connected worker = new Connected(this, directives);
    if (away) {
      worker.breakOff();
    }
    return worker;
  }
}
