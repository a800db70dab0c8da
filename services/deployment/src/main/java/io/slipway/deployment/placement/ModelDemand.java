package io.slipway.deployment.placement;

/**
 * A model that is wanted on some workers.
 *
 * @param model the id under which workers know it
 * @param memoryBytes estimate of what it takes on a worker
 * @param replicas workers that are to have it
 * @param suspect a worker with it has died lately; suspects are kept apart, so that the next death
 *     tells which of them it was
 */
public record ModelDemand(
    String model, Hardware hardware, long memoryBytes, int replicas, boolean suspect) {

  /** This demand and another one for the same model: workers serve both. */
  public ModelDemand and(ModelDemand other) {
    return new ModelDemand(
        model,
        hardware == Hardware.ANY ? other.hardware : hardware,
        Math.max(memoryBytes, other.memoryBytes),
        Math.max(replicas, other.replicas),
        suspect || other.suspect);
  }
}
