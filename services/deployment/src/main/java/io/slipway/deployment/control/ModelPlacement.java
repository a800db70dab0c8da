package io.slipway.deployment.control;

import com.google.rpc.Status;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.common.v1.Device;
import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.endpoint.DeploymentState;
import io.slipway.deployment.endpoint.Deployments;
import io.slipway.deployment.endpoint.ModelDeployment;
import io.slipway.deployment.endpoint.VersionPins;
import io.slipway.deployment.grant.ComputeGrant;
import io.slipway.deployment.grant.Grants;
import io.slipway.deployment.launch.Fleet;
import io.slipway.deployment.placement.Hardware;
import io.slipway.deployment.placement.ModelDemand;
import io.slipway.deployment.placement.Placement;
import io.slipway.deployment.placement.WorkerRoom;
import io.slipway.deployment.quarantine.ModelCrashes;
import io.slipway.deployment.v1.DesiredModel;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.deployment.worker.ConnectedWorker;
import io.slipway.kit.errors.GrpcErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Which inference worker has which model, for deployments and grants alike. */
@Component
class ModelPlacement {

  private static final long OVERHEAD_BYTES = 64L << 20;

  private final Deployments deployments;
  private final Grants grants;
  private final VersionPins pins;
  private final ModelCrashes crashes;
  private final Fleet fleet;
  private final ReadyStates states;
  private final DeploymentProperties properties;

  ModelPlacement(
      Deployments deployments,
      Grants grants,
      VersionPins pins,
      ModelCrashes crashes,
      Fleet fleet,
      ReadyStates states,
      DeploymentProperties properties) {
    this.deployments = deployments;
    this.grants = grants;
    this.pins = pins;
    this.crashes = crashes;
    this.fleet = fleet;
    this.states = states;
    this.properties = properties;
  }

  /**
   * @param all deployments of every state
   * @param live grants of models
   * @param workers inference workers that have not gone
   */
  void place(List<ModelDeployment> all, List<ComputeGrant> live, List<ConnectedWorker> workers) {
    Wanted wanted = new Wanted(crashes.recent());
    all.stream().filter(ModelDeployment::isWanted).forEach(wanted::add);
    live.forEach(wanted::add);
    List<ConnectedWorker> open =
        workers.stream().filter(worker -> worker.hasReported() && !worker.isDraining()).toList();
    Placement placement =
        Placement.of(
            List.copyOf(wanted.demands.values()), open.stream().map(ModelPlacement::room).toList());
    for (ConnectedWorker worker : open) {
      worker.tell(
          placement.models().getOrDefault(worker.id(), Set.of()).stream()
              .map(wanted::desired)
              .toList());
    }
    launch(wanted, placement, open);
    states.update(wanted.deployments, wanted.grants, placement, open);
    settlePins(all, wanted, workers);
  }

  /** The workers that answer for a model now. */
  static List<ConnectedWorker> answering(String model, List<ConnectedWorker> workers) {
    return workers.stream()
        .filter(worker -> !worker.isDraining() && worker.readyModels().contains(model))
        .toList();
  }

  private static WorkerRoom room(ConnectedWorker worker) {
    return new WorkerRoom(
        worker.id(),
        worker.hardware(),
        worker.memoryBytes(),
        worker.models(),
        worker.readyModels());
  }

  private void launch(Wanted wanted, Placement placement, List<ConnectedWorker> workers) {
    int more =
        placement.missing().entrySet().stream()
            .filter(missing -> launchHelps(wanted.demand(missing.getKey()), workers))
            .mapToInt(Map.Entry::getValue)
            .max()
            .orElse(0);
    fleet.request(WorkerKind.WORKER_KIND_INFERENCE, more);
  }

  /** Launched workers are alike: when one is too small for a model, so is the next. */
  private static boolean launchHelps(ModelDemand demand, List<ConnectedWorker> workers) {
    List<ConnectedWorker> launched =
        workers.stream().filter(worker -> !worker.launchId().isEmpty()).toList();
    return launched.isEmpty()
        || launched.stream()
            .anyMatch(
                worker ->
                    worker.memoryBytes() >= demand.memoryBytes()
                        && (demand.hardware() == Hardware.ANY
                            || demand.hardware() == worker.hardware()));
  }

  private void settlePins(List<ModelDeployment> all, Wanted wanted, List<ConnectedWorker> workers) {
    for (ModelDeployment deployment : all) {
      if (deployment.state() instanceof DeploymentState.Pending && !deployment.pinned()) {
        pins.pin(deployment);
      }
      if (deployment.state() instanceof DeploymentState.Deleting) {
        String model = deployment.model().getName();
        boolean served = workers.stream().anyMatch(worker -> worker.has(model));
        if (!served || wanted.demands.containsKey(model)) {
          pins.unpinAndRemove(deployment);
        }
      }
    }
  }

  /** What is to be loaded, and for whom. */
  private final class Wanted {
    private final Map<String, Integer> crashCounts;
    private final Map<String, ModelDemand> demands = new LinkedHashMap<>();
    private final Map<String, DesiredModel> desired = new LinkedHashMap<>();
    private final List<ModelDeployment> deployments = new ArrayList<>();
    private final List<ComputeGrant> grants = new ArrayList<>();

    Wanted(Map<String, Integer> crashCounts) {
      this.crashCounts = crashCounts;
    }

    void add(ModelDeployment deployment) {
      String model = deployment.model().getName();
      if (isQuarantined(model)) {
        ModelPlacement.this.deployments.fail(deployment.name(), quarantined(model));
        return;
      }
      List<ArtifactFile> files = deployment.model().getFilesList();
      add(model, files, deployment.device(), estimate(files), deployment.replicas());
      deployments.add(deployment);
    }

    void add(ComputeGrant grant) {
      String model = grant.request().getModel().getModel();
      if (isQuarantined(model)) {
        ModelPlacement.this.grants.fail(grant, quarantined(model));
        return;
      }
      List<ArtifactFile> files = grant.request().getModel().getFilesList();
      long memory = grant.request().getMemoryBytes();
      add(model, files, grant.request().getDevice(), memory > 0 ? memory : estimate(files), 1);
      grants.add(grant);
    }

    private void add(
        String model, List<ArtifactFile> files, Device device, long memory, int replicas) {
      boolean suspect = crashCounts.getOrDefault(model, 0) > 0;
      demands.merge(
          model,
          new ModelDemand(model, hardware(device), memory, replicas, suspect),
          ModelDemand::and);
      desired.putIfAbsent(
          model, DesiredModel.newBuilder().setModel(model).addAllFiles(files).build());
    }

    private boolean isQuarantined(String model) {
      return crashCounts.getOrDefault(model, 0) >= properties.crashLimit();
    }

    private Status quarantined(String model) {
      return GrpcErrors.toStatus(crashes.quarantined(model));
    }

    DesiredModel desired(String model) {
      return desired.getOrDefault(model, DesiredModel.getDefaultInstance());
    }

    ModelDemand demand(String model) {
      ModelDemand demand = demands.get(model);
      if (demand == null) {
        throw new IllegalStateException(model + " is placed, but nobody wants it.");
      }
      return demand;
    }
  }

  private static Hardware hardware(Device device) {
    return switch (device) {
      case DEVICE_CPU -> Hardware.CPU;
      case DEVICE_CUDA -> Hardware.CUDA;
      case DEVICE_UNSPECIFIED, UNRECOGNIZED -> Hardware.ANY;
    };
  }

  /** Weights, and a fifth more for what they become while they are run. */
  private static long estimate(List<ArtifactFile> files) {
    long bytes = files.stream().mapToLong(ArtifactFile::getSizeBytes).sum();
    return bytes + bytes / 5 + OVERHEAD_BYTES;
  }
}
