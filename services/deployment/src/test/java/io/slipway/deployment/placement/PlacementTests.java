package io.slipway.deployment.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementTests {

  private static WorkerRoom worker(String id, long memory, String... models) {
    return new WorkerRoom(id, Hardware.CPU, memory, Set.of(models), Set.of(models));
  }

  private static ModelDemand demand(String model, long memory, int replicas) {
    return new ModelDemand(model, Hardware.ANY, memory, replicas, false);
  }

  @Test
  void putsReplicasOfAModelOnDifferentWorkers() {
    var placement =
        Placement.of(List.of(demand("m", 10, 3)), List.of(worker("a", 100), worker("b", 100)));
    assertThat(placement.models()).containsEntry("a", Set.of("m")).containsEntry("b", Set.of("m"));
    assertThat(placement.missing()).containsEntry("m", 1);
  }

  @Test
  void leavesAModelWhereItIs() {
    var placement =
        Placement.of(List.of(demand("m", 10, 1)), List.of(worker("a", 100), worker("b", 20, "m")));
    assertThat(placement.models()).containsEntry("b", Set.of("m")).containsEntry("a", Set.of());
  }

  @Test
  void dropsWhatNobodyWants() {
    var placement = Placement.of(List.of(), List.of(worker("a", 100, "old")));
    assertThat(placement.models()).containsEntry("a", Set.of());
  }

  @Test
  void keepsTheReplicaThatAnswersWhenOneIsTooMany() {
    var loading = new WorkerRoom("a", Hardware.CPU, 100, Set.of("m"), Set.of());
    var placement =
        Placement.of(List.of(demand("m", 10, 1)), List.of(loading, worker("b", 100, "m")));
    assertThat(placement.models()).containsEntry("b", Set.of("m")).containsEntry("a", Set.of());
  }

  @Test
  void neverFillsAWorkerBeyondItsMemory() {
    var placement =
        Placement.of(
            List.of(demand("first", 60, 1), demand("second", 60, 1), demand("small", 40, 1)),
            List.of(worker("a", 100)));
    assertThat(placement.models().get("a")).containsExactlyInAnyOrder("first", "small");
    assertThat(placement.missing()).containsOnlyKeys("second");
  }

  @Test
  void choosesTheWorkerWithTheMostRoom() {
    var placement =
        Placement.of(
            List.of(demand("old", 50, 1), demand("new", 10, 1)),
            List.of(worker("a", 100, "old"), worker("b", 80)));
    assertThat(placement.models()).containsEntry("b", Set.of("new"));
  }

  @Test
  void looksAtTheHardwareThatAModelAsksFor() {
    var cuda = new WorkerRoom("gpu", Hardware.CUDA, 100, Set.of(), Set.of());
    var wanted = new ModelDemand("m", Hardware.CUDA, 10, 2, false);
    var placement = Placement.of(List.of(wanted), List.of(worker("cpu", 1000), cuda));
    assertThat(placement.models()).containsEntry("gpu", Set.of("m")).containsEntry("cpu", Set.of());
    assertThat(placement.missing()).containsEntry("m", 1);
  }

  @Test
  void keepsSuspectsApart() {
    var one = new ModelDemand("one", Hardware.ANY, 10, 1, true);
    var two = new ModelDemand("two", Hardware.ANY, 10, 1, true);
    var placement = Placement.of(List.of(one, two), List.of(worker("a", 1000), worker("b", 100)));
    assertThat(placement.models().values()).allSatisfy(models -> assertThat(models).hasSize(1));
  }

  @Test
  void servesSeveralDemandsForAModelWithTheSameReplicas() {
    var both = demand("m", 10, 1).and(new ModelDemand("m", Hardware.CPU, 20, 2, false));
    assertThat(both).isEqualTo(new ModelDemand("m", Hardware.CPU, 20, 2, false));
  }
}
