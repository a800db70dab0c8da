package io.slipway.trainer.control;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.slipway.deployment.v1.StopRun;
import io.slipway.deployment.v1.TrainerAssignment;
import io.slipway.deployment.v1.TrainerRun;
import io.slipway.deployment.v1.Welcome;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceStub;
import io.slipway.deployment.v1.WorkerDirective;
import io.slipway.deployment.v1.WorkerReport;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.deployment.v1.WorkerState;
import io.slipway.trainer.run.RunId;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One control stream, from hello to its end. */
final class ControlSession implements ClientResponseObserver<WorkerReport, WorkerDirective> {

  private static final Logger log = LoggerFactory.getLogger(ControlSession.class);

  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final TrainerDesk desk;
  private final Semaphore news = new Semaphore(0);
  private volatile @Nullable ClientCallStreamObserver<WorkerReport> reports;
  private volatile @Nullable Duration heartbeat;
  private volatile @Nullable String end;

  ControlSession(TrainerDesk desk) {
    this.desk = desk;
  }

  /**
   * Opens the stream and reports until it ends.
   *
   * @param patience longest wait for the welcome
   * @return whether the service had welcomed this process
   */
  boolean live(WorkerControlServiceStub control, Hello hello, Duration patience)
      throws InterruptedException {
    var open = control.connect(this);
    try {
      open.onNext(WorkerReport.newBuilder().setHello(hello).build());
      Duration wait = patience;
      while (end == null) {
        boolean told = news.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        news.drainPermits();
        Duration interval = heartbeat;
        if (interval == null) {
          if (!told) {
            cancel("no welcome within " + patience);
          }
        } else if (end == null) {
          wait = interval;
          open.onNext(WorkerReport.newBuilder().setState(state()).build());
        }
      }
    } catch (IllegalStateException ended) {
      // The stream has ended between the question and the report; its observer knows why.
      log.debug("A report came too late", ended);
    } catch (InterruptedException e) {
      open.onCompleted();
      cancelUnlessEnded();
      throw e;
    }
    return heartbeat != null;
  }

  /** A service that does not end its side would keep this process from ending. */
  private void cancelUnlessEnded() throws InterruptedException {
    long deadline = System.nanoTime() + FAREWELL.toNanos();
    for (long left = FAREWELL.toNanos(); end == null && left > 0; ) {
      // Any news may wake this up, not only the end.
      var unused = news.tryAcquire(left, TimeUnit.NANOSECONDS);
      left = deadline - System.nanoTime();
    }
    if (end == null) {
      cancel("this process ends");
    }
  }

  /** Why the stream has ended. */
  String end() {
    String why = end;
    return why == null ? "unknown" : why;
  }

  /** Reports soon instead of when it is time. */
  void report() {
    news.release();
  }

  private WorkerState state() {
    WorkerState.Builder state = WorkerState.newBuilder().setDraining(desk.leaving());
    desk.current()
        .ifPresent(
            run ->
                state.setRun(TrainerRun.newBuilder().setJob(run.job()).setAttempt(run.attempt())));
    return state.build();
  }

  private void cancel(String why) {
    end = why;
    ClientCallStreamObserver<WorkerReport> call = reports;
    if (call != null) {
      call.cancel(why, null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WorkerReport> call) {
    reports = call;
  }

  @Override
  public void onNext(WorkerDirective directive) {
    switch (directive.getDirectiveCase()) {
      case WELCOME -> welcome(directive.getWelcome());
      case ASSIGNMENT -> take(directive.getAssignment());
      case STOP_RUN -> stop(directive.getStopRun());
      case DRAIN -> drain();
      case DESIRED_MODELS, DIRECTIVE_NOT_SET ->
          log.debug("A directive that is not for trainers: {}", directive.getDirectiveCase());
    }
  }

  private void welcome(Welcome welcome) {
    long millis =
        TimeUnit.SECONDS.toMillis(welcome.getHeartbeatInterval().getSeconds())
            + TimeUnit.NANOSECONDS.toMillis(welcome.getHeartbeatInterval().getNanos());
    heartbeat = Duration.ofMillis(Math.max(50, millis));
    log.info("Connected to the deployment service");
    report();
  }

  private void take(TrainerAssignment assignment) {
    desk.take(new RunId(assignment.getJob(), assignment.getAttempt()));
  }

  private void stop(StopRun order) {
    desk.stop(new RunId(order.getJob(), order.getAttempt()));
  }

  private void drain() {
    log.info("Told to leave");
    desk.drain();
  }

  @Override
  public void onError(Throwable failure) {
    end = failure.toString();
    report();
  }

  @Override
  public void onCompleted() {
    end = "the service has closed it";
    report();
  }
}
