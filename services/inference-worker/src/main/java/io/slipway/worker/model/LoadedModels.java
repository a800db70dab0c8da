package io.slipway.worker.model;

import io.slipway.deployment.v1.DesiredModel;
import io.slipway.deployment.v1.LoadedModel;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes the models of this worker those that are desired: loads one after another in the
 * background, unloads each once its calls have ended.
 */
@Component
public class LoadedModels implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LoadedModels.class);
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final ModelLoader loader;
  private final Map<String, ModelSlot> slots = new LinkedHashMap<>();
  // One after another, so that two models are not in memory twice at the same time.
  private final ExecutorService loads =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("model-loads").factory());
  private final ExecutorService unloads = Executors.newVirtualThreadPerTaskExecutor();
  private Map<String, DesiredModel> desired = Map.of();
  private volatile Runnable listener = () -> {};

  LoadedModels(ModelLoader loader) {
    this.loader = loader;
  }

  /**
   * @param onChange called after each change of a state; must not block
   */
  public void onChange(Runnable onChange) {
    listener = onChange;
  }

  /** A use of a model, which stays loaded until this is closed. */
  public record Use(ServedModel model, Gate gate) implements AutoCloseable {
    @Override
    public void close() {
      gate.leave();
    }
  }

  /**
   * @throws SlipwayException NOT_FOUND, MODEL_LOADING, UNAVAILABLE while it is unloaded, or why it
   *     could not be loaded
   */
  public synchronized Use use(String model) {
    ModelSlot slot = slots.get(model);
    if (slot == null) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND, "Model \"" + model + "\" is not loaded here.");
    }
    return switch (slot.state()) {
      case ModelState.Ready(var served) -> {
        if (!slot.gate().enter()) {
          throw unloading(model);
        }
        yield new Use(served, slot.gate());
      }
      case ModelState.Loading() ->
          throw new SlipwayException(
              ErrorCode.MODEL_LOADING, model + " is being loaded. Try again in a moment.");
      case ModelState.Unloading() -> throw unloading(model);
      case ModelState.Failed(var error) ->
          throw new SlipwayException(GrpcErrors.codeOf(error), error.getMessage());
    };
  }

  private static SlipwayException unloading(String model) {
    return new SlipwayException(ErrorCode.UNAVAILABLE, model + " is being unloaded here.");
  }

  /** What the deployment service is told. */
  public synchronized List<LoadedModel> report() {
    return slots.values().stream().map(LoadedModels::report).toList();
  }

  private static LoadedModel report(ModelSlot slot) {
    LoadedModel.Builder report = LoadedModel.newBuilder().setModel(slot.desired().getModel());
    switch (slot.state()) {
      case ModelState.Loading() -> report.setState(LoadedModel.State.STATE_LOADING);
      case ModelState.Ready(var _) -> report.setState(LoadedModel.State.STATE_READY);
      case ModelState.Failed(var error) ->
          report.setState(LoadedModel.State.STATE_FAILED).setError(error);
      case ModelState.Unloading() -> report.setState(LoadedModel.State.STATE_UNLOADING);
    }
    return report.build();
  }

  /** Takes the whole set of models that are to be here. */
  public void desire(List<DesiredModel> models) {
    synchronized (this) {
      Map<String, DesiredModel> wanted = new LinkedHashMap<>();
      models.forEach(model -> wanted.put(model.getModel(), model));
      desired = wanted;
      settle();
    }
    listener.run();
  }

  private void settle() {
    for (ModelSlot slot : List.copyOf(slots.values())) {
      if (!slot.desired().equals(desired.get(slot.desired().getModel()))) {
        leave(slot);
      }
    }
    for (DesiredModel model : desired.values()) {
      // One that is still on its way out comes back once it is gone.
      if (!slots.containsKey(model.getModel())) {
        ModelSlot slot = new ModelSlot(model, new ModelState.Loading(), new Gate());
        slots.put(model.getModel(), slot);
        loads.execute(() -> load(slot));
      }
    }
  }

  private void leave(ModelSlot slot) {
    switch (slot.state()) {
      case ModelState.Ready(var served) -> {
        slot.gate().close();
        slots.put(slot.desired().getModel(), slot.with(new ModelState.Unloading()));
        unloads.execute(() -> unload(slot, served));
      }
      case ModelState.Failed(var _) -> slots.remove(slot.desired().getModel());
      // The load finds out when it is done.
      case ModelState.Loading() ->
          slots.put(slot.desired().getModel(), slot.with(new ModelState.Unloading()));
      case ModelState.Unloading() -> {}
    }
  }

  private void load(ModelSlot slot) {
    String name = slot.desired().getModel();
    if (!isStill(slot, ModelState.Loading.class)) {
      forget(name);
      return;
    }
    long begin = System.nanoTime();
    try {
      ServedModel served = loader.load(slot.desired());
      log.info("{} is loaded after {} ms", name, (System.nanoTime() - begin) / 1_000_000);
      if (!become(slot, new ModelState.Ready(served))) {
        served.close();
        forget(name);
      }
    } catch (SlipwayException e) {
      log.warn("{} ({})", e.reason(), e.code());
      fail(slot, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(slot, new SlipwayException(ErrorCode.UNAVAILABLE, "The worker is ending."));
    } catch (RuntimeException e) {
      log.error("{} could not be loaded", name, e);
      fail(slot, new SlipwayException(ErrorCode.MODEL_LOAD_FAILED, name + ": " + e.getMessage()));
    }
  }

  private void fail(ModelSlot slot, SlipwayException error) {
    if (!become(slot, new ModelState.Failed(GrpcErrors.toStatus(error)))) {
      forget(slot.desired().getModel());
    }
  }

  private synchronized boolean isStill(ModelSlot slot, Class<? extends ModelState> state) {
    ModelSlot current = slots.get(slot.desired().getModel());
    return current != null && current.gate() == slot.gate() && state.isInstance(current.state());
  }

  /**
   * @return false when it is no longer wanted
   */
  private boolean become(ModelSlot slot, ModelState state) {
    synchronized (this) {
      if (!isStill(slot, ModelState.Loading.class)) {
        return false;
      }
      slots.put(slot.desired().getModel(), slot.with(state));
    }
    listener.run();
    return true;
  }

  private void unload(ModelSlot slot, ServedModel served) {
    try {
      slot.gate().awaitEmpty(FOR_EVER);
    } catch (InterruptedException e) {
      // The worker ends, and has waited for its calls already.
      Thread.currentThread().interrupt();
    }
    served.close();
    log.info("{} is unloaded", slot.desired().getModel());
    forget(slot.desired().getModel());
  }

  private void forget(String model) {
    synchronized (this) {
      slots.remove(model);
      settle();
    }
    listener.run();
  }

  /** Ends everything; calls must have ended before. */
  @Override
  public void close() {
    synchronized (this) {
      desired = Map.of();
      settle();
    }
    loads.close();
    unloads.close();
  }
}
