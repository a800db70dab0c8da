package io.slipway.worker.control;

import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.DesiredModels;
import io.slipway.deployment.v1.Welcome;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceStub;
import io.slipway.deployment.v1.WorkerDirective;
import io.slipway.deployment.v1.WorkerReport;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.deployment.v1.WorkerState;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One control stream, from its opening to its end. */
final class ControlSession implements StreamObserver<WorkerDirective> {

  private static final Logger log = LoggerFactory.getLogger(ControlSession.class);
  private static final Duration UNTIL_WELCOME = Duration.ofSeconds(1);
  private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(50);

  private final Supplier<WorkerState> state;
  private final Consumer<DesiredModels> desire;
  private final Runnable drain;
  private final Semaphore news = new Semaphore(0);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Duration heartbeat = UNTIL_WELCOME;
  private volatile boolean welcomed;
  private volatile String end = "it was closed";

  /**
   * @param state what is to be reported, whenever it is
   */
  ControlSession(Supplier<WorkerState> state, Consumer<DesiredModels> desire, Runnable drain) {
    this.state = state;
    this.desire = desire;
    this.drain = drain;
  }

  /**
   * Says hello and reports until the stream ends, or until interrupted: then it ends the stream.
   */
  void live(WorkerControlServiceStub control, Hello hello) throws InterruptedException {
    StreamObserver<WorkerReport> reports = control.connect(this);
    try {
      reports.onNext(WorkerReport.newBuilder().setHello(hello).build());
      while (ended.getCount() > 0) {
        reports.onNext(WorkerReport.newBuilder().setState(state.get()).build());
        if (news.tryAcquire(heartbeat.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
      }
    } catch (IllegalStateException raced) {
      // The stream ended between the question and the report.
      log.debug("A report came too late", raced);
    } catch (InterruptedException e) {
      reports.onNext(WorkerReport.newBuilder().setState(state.get()).build());
      reports.onCompleted();
      ended.await(1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /** Something has changed: report now. */
  void report() {
    news.release();
  }

  boolean isWelcome() {
    return welcomed && ended.getCount() > 0;
  }

  boolean wasWelcome() {
    return welcomed;
  }

  /** Why it has ended. */
  String end() {
    return end;
  }

  @Override
  public void onNext(WorkerDirective directive) {
    switch (directive.getDirectiveCase()) {
      case WELCOME -> welcome(directive.getWelcome());
      case DESIRED_MODELS -> desire.accept(directive.getDesiredModels());
      case DRAIN -> drain.run();
      case ASSIGNMENT, STOP_RUN, DIRECTIVE_NOT_SET ->
          log.debug("A directive that is not for this worker: {}", directive.getDirectiveCase());
    }
  }

  private void welcome(Welcome welcome) {
    Duration asked =
        Duration.ofSeconds(
            welcome.getHeartbeatInterval().getSeconds(), welcome.getHeartbeatInterval().getNanos());
    heartbeat = asked.compareTo(SHORTEST_HEARTBEAT) > 0 ? asked : SHORTEST_HEARTBEAT;
    welcomed = true;
    report();
  }

  @Override
  public void onError(Throwable failure) {
    end = failure.toString();
    finish();
  }

  @Override
  public void onCompleted() {
    finish();
  }

  private void finish() {
    ended.countDown();
    report();
  }
}
