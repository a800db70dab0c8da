package io.slipway.deployment.worker;

import com.google.rpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.placement.Hardware;
import io.slipway.deployment.v1.DesiredModel;
import io.slipway.deployment.v1.DesiredModels;
import io.slipway.deployment.v1.Drain;
import io.slipway.deployment.v1.LoadedModel;
import io.slipway.deployment.v1.Replica;
import io.slipway.deployment.v1.StopRun;
import io.slipway.deployment.v1.TrainerAssignment;
import io.slipway.deployment.v1.TrainerRun;
import io.slipway.deployment.v1.Welcome;
import io.slipway.deployment.v1.WorkerDirective;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.deployment.v1.WorkerState;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One worker or trainer process: what it last reported, and what it was last told. Reports come
 * from its stream's thread, directives from the loop's.
 */
public final class ConnectedWorker {

  private final Hello hello;
  private final Clock clock;
  private @Nullable StreamObserver<WorkerDirective> stream;
  private boolean reported;
  private WorkerState state = WorkerState.getDefaultInstance();
  private Instant reportTime;
  private Instant busyTime;
  private @Nullable Instant brokenOffTime;
  private @Nullable Instant drainTime;
  private @Nullable DesiredModels told;
  private @Nullable Assignment assignment;
  private @Nullable Instant stopTime;

  ConnectedWorker(Hello hello, Clock clock) {
    this.hello = hello;
    this.clock = clock;
    this.reportTime = clock.instant();
    this.busyTime = reportTime;
  }

  public String id() {
    return hello.getWorkerId();
  }

  public WorkerKind kind() {
    return hello.getKind();
  }

  /** Empty for one that came by itself. */
  public String launchId() {
    return hello.getLaunchId();
  }

  public long memoryBytes() {
    return hello.getMemoryBytes();
  }

  public Hardware hardware() {
    return switch (hello.getDevice()) {
      case DEVICE_CUDA -> Hardware.CUDA;
      case DEVICE_CPU, DEVICE_UNSPECIFIED, UNRECOGNIZED -> Hardware.CPU;
    };
  }

  public Replica replica() {
    return Replica.newBuilder().setWorkerId(id()).setAddress(hello.getAddress()).build();
  }

  /** Takes a new stream in place of the one before it, and greets. */
  synchronized void attach(StreamObserver<WorkerDirective> newStream, Welcome welcome) {
    dismiss(SlipwayException.invalid("Worker " + id() + " has connected a second time."));
    stream = newStream;
    brokenOffTime = null;
    reportTime = clock.instant();
    // A new stream has been told nothing.
    told = null;
    send(WorkerDirective.newBuilder().setWelcome(welcome).build());
  }

  /**
   * @return false when another stream has taken this one's place
   */
  synchronized boolean detach(StreamObserver<WorkerDirective> closed) {
    if (stream != closed) {
      return false;
    }
    stream = null;
    brokenOffTime = clock.instant();
    return true;
  }

  synchronized boolean report(StreamObserver<WorkerDirective> from, WorkerState newState) {
    if (stream != from) {
      return false;
    }
    boolean changed = !reported || !newState.equals(state);
    reported = true;
    state = newState;
    reportTime = clock.instant();
    if (assignment != null && runs(assignment)) {
      assignment = assignment.begun();
    }
    if (!newState.hasRun()) {
      stopTime = null;
    }
    return changed;
  }

  private boolean runs(Assignment given) {
    return state.hasRun()
        && state.getRun().getJob().equals(given.job())
        && state.getRun().getAttempt() == given.attempt();
  }

  /** Before its first report nothing is known about what it has; nothing is asked of it then. */
  public synchronized boolean hasReported() {
    return reported;
  }

  synchronized Instant reportTime() {
    return reportTime;
  }

  synchronized @Nullable Instant brokenOffTime() {
    return brokenOffTime;
  }

  /** Ends its stream, if it has one. */
  synchronized void dismiss(SlipwayException reason) {
    if (stream != null) {
      stream.onError(GrpcErrors.toException(reason));
      stream = null;
      brokenOffTime = clock.instant();
    }
  }

  /** Whether it takes nothing new: told to, or by its own will. */
  public synchronized boolean isDraining() {
    return drainTime != null || state.getDraining();
  }

  public synchronized Optional<Instant> drainTime() {
    return Optional.ofNullable(drainTime);
  }

  /** The models that it was told to have. */
  public synchronized Set<String> models() {
    return told == null ? reported() : ids(told);
  }

  private Set<String> reported() {
    return state.getModelsList().stream()
        .map(LoadedModel::getModel)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<String> ids(DesiredModels models) {
    return models.getModelsList().stream()
        .map(DesiredModel::getModel)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The models that answer here, and are to go on doing so. */
  public synchronized Set<String> readyModels() {
    Set<String> ready = inState(LoadedModel.State.STATE_READY);
    if (told != null) {
      ready.retainAll(ids(told));
    }
    return ready;
  }

  private Set<String> inState(LoadedModel.State wanted) {
    return state.getModelsList().stream()
        .filter(model -> model.getState() == wanted)
        .map(LoadedModel::getModel)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Why a model could not be loaded here, if it was tried. */
  public synchronized Optional<Status> failureOf(String model) {
    return state.getModelsList().stream()
        .filter(loaded -> loaded.getModel().equals(model))
        .filter(loaded -> loaded.getState() == LoadedModel.State.STATE_FAILED)
        .map(LoadedModel::getError)
        .findFirst();
  }

  /** Whether the process still has anything of a model, as far as it has said. */
  public synchronized boolean has(String model) {
    return reported().contains(model);
  }

  /** If it died now: the models that were being loaded, or else those that were served. */
  public synchronized Set<String> suspects() {
    Set<String> loading = new HashSet<>(models());
    loading.removeAll(inState(LoadedModel.State.STATE_READY));
    loading.removeAll(inState(LoadedModel.State.STATE_FAILED));
    return loading.isEmpty() ? readyModels() : loading;
  }

  /** Tells it the whole set, unless it has been told the same. */
  public synchronized void tell(List<DesiredModel> models) {
    DesiredModels desired = DesiredModels.newBuilder().addAllModels(models).build();
    if (desired.equals(told) || stream == null) {
      return;
    }
    told = desired;
    send(WorkerDirective.newBuilder().setDesiredModels(desired).build());
  }

  public synchronized Optional<TrainerRun> run() {
    return state.hasRun() ? Optional.of(state.getRun()) : Optional.empty();
  }

  public synchronized Optional<Assignment> assignment() {
    return Optional.ofNullable(assignment);
  }

  /** Whether a trainer could be given a run. */
  public synchronized boolean isFreeForRun() {
    return stream != null
        && reported
        && !isDraining()
        && assignment == null
        && stopTime == null
        && !state.hasRun();
  }

  public synchronized void assign(String grant, String job, int attempt) {
    assignment = new Assignment(grant, job, attempt, clock.instant(), false);
    send(
        WorkerDirective.newBuilder()
            .setAssignment(TrainerAssignment.newBuilder().setJob(job).setAttempt(attempt))
            .build());
  }

  /** The run that a trainer brought along when it connected fulfils this grant. */
  public synchronized void adopt(String grant) {
    TrainerRun run = state.getRun();
    assignment = new Assignment(grant, run.getJob(), run.getAttempt(), clock.instant(), true);
  }

  /** The assignment is over, by whichever end. */
  public synchronized void release() {
    assignment = null;
  }

  /** Asks a trainer to stop a run, once; it is not free again before it has reported none. */
  public synchronized void stopRun(String job, int attempt) {
    if (stopTime == null) {
      stopTime = clock.instant();
      send(
          WorkerDirective.newBuilder()
              .setStopRun(StopRun.newBuilder().setJob(job).setAttempt(attempt))
              .build());
    }
  }

  public synchronized Optional<Instant> stopTime() {
    return Optional.ofNullable(stopTime);
  }

  /** Asks it, once, to finish and end. */
  public synchronized void drain() {
    if (drainTime == null) {
      drainTime = clock.instant();
      send(WorkerDirective.newBuilder().setDrain(Drain.getDefaultInstance()).build());
    }
  }

  /** Since when it has had nothing to do; empty while it has. */
  public synchronized Optional<Instant> idleSince() {
    boolean busy =
        assignment != null
            || state.hasRun()
            || state.getModelsCount() > 0
            || (told != null && told.getModelsCount() > 0);
    if (busy) {
      busyTime = clock.instant();
      return Optional.empty();
    }
    return Optional.of(busyTime);
  }

  private void send(WorkerDirective directive) {
    if (stream != null) {
      stream.onNext(directive);
    }
  }
}
