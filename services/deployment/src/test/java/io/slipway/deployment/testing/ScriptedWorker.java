package io.slipway.deployment.testing;

import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.slipway.common.v1.Device;
import io.slipway.deployment.v1.DesiredModel;
import io.slipway.deployment.v1.LoadedModel;
import io.slipway.deployment.v1.TrainerAssignment;
import io.slipway.deployment.v1.TrainerRun;
import io.slipway.deployment.v1.WorkerControlServiceGrpc;
import io.slipway.deployment.v1.WorkerDirective;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.v1.WorkerReport;
import io.slipway.deployment.v1.WorkerReport.Hello;
import io.slipway.deployment.v1.WorkerState;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A worker or trainer without a device: it speaks the real control stream, and loads, trains and
 * dies as the test says.
 */
public final class ScriptedWorker implements AutoCloseable {

  /** How it meets a model that it is to load. */
  public enum Loading {
    READY,
    STUCK,
    FAILS
  }

  public final List<WorkerDirective> directives = new CopyOnWriteArrayList<>();
  public final AtomicReference<Throwable> refusal = new AtomicReference<>();
  private final Hello hello;
  private final ManagedChannel channel;
  private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, LoadedModel> models = new LinkedHashMap<>();
  private final Loading loading;
  private Context.CancellableContext call;
  private StreamObserver<WorkerReport> reports;
  private TrainerRun run;
  private boolean draining;
  private boolean silent;

  private ScriptedWorker(
      int port, Hello hello, Loading loading, List<String> had, TrainerRun running) {
    this.hello = hello;
    this.loading = loading;
    this.run = running;
    had.forEach(model -> models.put(model, loaded(model)));
    this.channel =
        Grpc.newChannelBuilder("localhost:" + port, InsecureChannelCredentials.create()).build();
    connect();
    heart.scheduleAtFixedRate(this::beat, 100, 100, TimeUnit.MILLISECONDS);
  }

  public static ScriptedWorker inference(int port, String id, long memory, Loading loading) {
    return new ScriptedWorker(
        port,
        hello(id, WorkerKind.WORKER_KIND_INFERENCE).setMemoryBytes(memory).build(),
        loading,
        List.of(),
        null);
  }

  public static ScriptedWorker inference(int port, String id) {
    return inference(port, id, 1L << 30, Loading.READY);
  }

  public static ScriptedWorker trainer(int port, String id) {
    return trainer(port, id, null);
  }

  /** A trainer that comes back with a run from before. */
  public static ScriptedWorker trainer(int port, String id, TrainerRun running) {
    return new ScriptedWorker(
        port, hello(id, WorkerKind.WORKER_KIND_TRAINER).build(), Loading.READY, List.of(), running);
  }

  /** A worker that comes back with a model from before. */
  public static ScriptedWorker inference(int port, String id, String had) {
    return new ScriptedWorker(
        port,
        hello(id, WorkerKind.WORKER_KIND_INFERENCE).setMemoryBytes(1L << 30).build(),
        Loading.READY,
        List.of(had),
        null);
  }

  private static Hello.Builder hello(String id, WorkerKind kind) {
    return Hello.newBuilder()
        .setWorkerId(id)
        .setKind(kind)
        .setAddress(id + ":9090")
        .setDevice(Device.DEVICE_CPU);
  }

  /** Opens a stream, also again after one has broken. */
  public synchronized void connect() {
    refusal.set(null);
    call = Context.current().withCancellation();
    reports =
        callInContext(
            () ->
                WorkerControlServiceGrpc.newStub(
                        ClientInterceptors.intercept(
                            channel,
                            new CallerClientInterceptor(
                                new PlatformCredentials(RunningDeployment.SECRET))))
                    .connect(new Directives()));
    reports.onNext(WorkerReport.newBuilder().setHello(hello).build());
    report();
  }

  private <T> T callInContext(Supplier<T> work) {
    Context previous = call.attach();
    try {
      return work.get();
    } finally {
      call.detach(previous);
    }
  }

  private final class Directives implements StreamObserver<WorkerDirective> {
    @Override
    public void onNext(WorkerDirective directive) {
      obey(directive);
    }

    @Override
    public void onError(Throwable failure) {
      refusal.set(failure);
    }

    @Override
    public void onCompleted() {}
  }

  private synchronized void obey(WorkerDirective directive) {
    directives.add(directive);
    switch (directive.getDirectiveCase()) {
      case DESIRED_MODELS -> load(directive.getDesiredModels().getModelsList());
      case ASSIGNMENT -> take(directive.getAssignment());
      case STOP_RUN -> run = null;
      case DRAIN, WELCOME, DIRECTIVE_NOT_SET -> {}
    }
    report();
  }

  private void load(List<DesiredModel> desired) {
    models.keySet().removeIf(model -> desired.stream().noneMatch(d -> d.getModel().equals(model)));
    for (DesiredModel model : desired) {
      models.computeIfAbsent(model.getModel(), this::loaded);
    }
  }

  private LoadedModel loaded(String model) {
    LoadedModel.Builder loaded = LoadedModel.newBuilder().setModel(model);
    return switch (loading) {
      case READY -> loaded.setState(LoadedModel.State.STATE_READY).build();
      case STUCK -> loaded.setState(LoadedModel.State.STATE_LOADING).build();
      case FAILS ->
          loaded
              .setState(LoadedModel.State.STATE_FAILED)
              .setError(GrpcErrors.toStatus(ErrorCode.MALFORMED_MODEL, "no weights"))
              .build();
    };
  }

  private void take(TrainerAssignment assignment) {
    run =
        TrainerRun.newBuilder()
            .setJob(assignment.getJob())
            .setAttempt(assignment.getAttempt())
            .build();
  }

  private synchronized void beat() {
    if (!silent) {
      report();
    }
  }

  private void report() {
    if (refusal.get() != null) {
      return;
    }
    WorkerState.Builder state =
        WorkerState.newBuilder().addAllModels(models.values()).setDraining(draining);
    if (run != null) {
      state.setRun(run);
    }
    reports.onNext(WorkerReport.newBuilder().setState(state).build());
  }

  public synchronized boolean has(String model) {
    return models.containsKey(model);
  }

  public synchronized String job() {
    return run == null ? "" : run.getJob() + " " + run.getAttempt();
  }

  /** A trainer comes to the end of its run. */
  public synchronized void finishRun() {
    run = null;
    report();
  }

  /** Announces that it ends. */
  public synchronized void drain() {
    draining = true;
    report();
  }

  /** Stands still: the stream stays open, nothing comes any more. */
  public synchronized void freeze() {
    silent = true;
  }

  /** The stream breaks, as it does when the process is killed. */
  public void breakOff() {
    call.cancel(null);
  }

  public boolean wasTold(WorkerDirective.DirectiveCase directive) {
    return directives.stream().anyMatch(d -> d.getDirectiveCase() == directive);
  }

  public String address() {
    return hello.getAddress();
  }

  /** Leaves in good order. */
  @Override
  public void close() {
    heart.shutdownNow();
    synchronized (this) {
      if (refusal.get() == null) {
        draining = true;
        report();
        reports.onCompleted();
      }
    }
    channel.shutdown();
  }

  /** Dies by itself. */
  public void die() {
    heart.shutdownNow();
    channel.shutdownNow();
  }
}
