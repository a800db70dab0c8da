package io.slipway.deployment.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who is to have what. A model stays where it is; a new one goes to the worker with the most room,
 * never twice to the same.
 *
 * @param models of each worker; what is not there is to be unloaded
 * @param missing replicas of each model that found no room; only models that lack some
 */
public record Placement(Map<String, Set<String>> models, Map<String, Integer> missing) {

  /**
   * @param demands one a model, the most important first: when memory is short, later ones wait
   */
  public static Placement of(List<ModelDemand> demands, List<WorkerRoom> workers) {
    Plan plan = new Plan(demands, workers);
    // First what stays, so that nothing new takes its place.
    demands.forEach(plan::keep);
    demands.forEach(plan::add);
    return new Placement(plan.assigned, plan.missing);
  }

  private static final class Plan {
    private final Map<String, ModelDemand> demands;
    private final List<WorkerRoom> workers;
    private final Map<String, Set<String>> assigned = new HashMap<>();
    private final Map<String, Integer> missing = new LinkedHashMap<>();

    Plan(List<ModelDemand> demands, List<WorkerRoom> workers) {
      this.demands =
          demands.stream().collect(Collectors.toMap(ModelDemand::model, demand -> demand));
      this.workers = workers;
      workers.forEach(worker -> assigned.put(worker.worker(), new LinkedHashSet<>()));
    }

    void keep(ModelDemand demand) {
      workers.stream()
          .filter(worker -> worker.models().contains(demand.model()))
          .filter(worker -> demand.hardware().accepts(worker.hardware()))
          .sorted(
              Comparator.comparing((WorkerRoom worker) -> !worker.ready().contains(demand.model()))
                  .thenComparing(WorkerRoom::worker))
          .limit(demand.replicas())
          .forEach(worker -> on(worker).add(demand.model()));
    }

    void add(ModelDemand demand) {
      long has = workers.stream().filter(worker -> on(worker).contains(demand.model())).count();
      List<WorkerRoom> candidates = new ArrayList<>(workers);
      candidates.removeIf(worker -> !fits(demand, worker));
      candidates.sort(preference(demand));
      int wanted = demand.replicas() - (int) has;
      int placed = Math.min(wanted, candidates.size());
      candidates.stream().limit(placed).forEach(worker -> on(worker).add(demand.model()));
      if (placed < wanted) {
        missing.put(demand.model(), wanted - placed);
      }
    }

    private boolean fits(ModelDemand demand, WorkerRoom worker) {
      return demand.hardware().accepts(worker.hardware())
          && !on(worker).contains(demand.model())
          && free(worker) >= demand.memoryBytes();
    }

    private Comparator<WorkerRoom> preference(ModelDemand demand) {
      Comparator<WorkerRoom> roomiest =
          Comparator.comparingLong(this::free).reversed().thenComparing(WorkerRoom::worker);
      return demand.suspect()
          ? Comparator.comparingLong(this::suspects).thenComparing(roomiest)
          : roomiest;
    }

    private long suspects(WorkerRoom worker) {
      return on(worker).stream().filter(model -> demand(model).suspect()).count();
    }

    private long free(WorkerRoom worker) {
      return worker.memoryBytes()
          - on(worker).stream().mapToLong(model -> demand(model).memoryBytes()).sum();
    }

    private ModelDemand demand(String model) {
      ModelDemand demand = demands.get(model);
      if (demand == null) {
        throw new IllegalStateException(model + " was assigned without a demand.");
      }
      return demand;
    }

    private Set<String> on(WorkerRoom worker) {
      return assigned.computeIfAbsent(worker.worker(), _ -> new LinkedHashSet<>());
    }
  }
}
