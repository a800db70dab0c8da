package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.MeasuringProcess.Failure;
import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.modelfiles.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Runs sections, each type of weights in a fresh process of ours and one of the peer's, which take
 * {@linkplain Turns turns} at every measurement.
 *
 * @param runs calls in a turn of which the median counts; slow work gets fewer
 * @param peer empty where only we are measured
 * @param lines is told every figure as a JSON line
 * @param progress is told what is under way
 */
record EngineBenchmark(
    Path models,
    String device,
    int threads,
    int runs,
    Optional<Peer> peer,
    Consumer<String> lines,
    Consumer<String> progress) {

  /** The machine's limits, measured in a process of their own. */
  MachineLimits limits() throws IOException, Failure {
    progress.accept("machine");
    try (MeasuringProcess process = ours(EngineProcess.MACHINE, Weights.FLOAT32)) {
      MachineLimits limits = MachineLimits.measure(process);
      limits.jsonLines(threads).forEach(lines);
      return limits;
    }
  }

  /** Runs one section. */
  List<Comparison> run(Section section, MachineLimits limits) throws IOException {
    List<Comparison> comparisons = new ArrayList<>();
    ModelCost cost =
        ModelCost.of(
            ModelConfig.read(models.resolve(section.model()).resolve(ModelConfig.FILE)), section);
    for (Weights weights : section.weights()) {
      try (MeasuringProcess ours = ours(section.name(), weights);
          PeerProcess peers = peers(section, weights)) {
        for (Measurement measurement : section.measurements(runs)) {
          progress.accept(
              "%s %s %s".formatted(section.jsonName(), weights.dtype(), measurement.title()));
          Turns turns = Turns.at(measurement, ours, peers.process());
          comparisons.add(compare(section, weights, measurement, turns, limits, cost));
        }
        Measurement memory = new Measurement(Work.PEAK_MEMORY, 0, 0, 0, 0);
        Turns once = Turns.once(MeasuringProcess::peakMemory, ours, peers.process());
        comparisons.add(compare(section, weights, memory, once, limits, cost));
      }
    }
    return comparisons;
  }

  private Comparison compare(
      Section section,
      Weights weights,
      Measurement measurement,
      Turns turns,
      MachineLimits limits,
      ModelCost cost) {
    OptionalDouble ours = turns.ours();
    OptionalDouble peers = turns.peers();
    ours.ifPresent(value -> tell(Figure.OURS, section, weights, measurement, value));
    peers.ifPresent(value -> tell(Figure.PEERS, section, weights, measurement, value));
    OptionalDouble fraction =
        ours.isPresent()
            ? limits.fraction(measurement, weights, cost, ours.getAsDouble())
            : OptionalDouble.empty();
    return new Comparison(section, weights, measurement, ours, peers, fraction, turns.failures());
  }

  private void tell(
      String side, Section section, Weights weights, Measurement measurement, double value) {
    lines.accept(new Figure(side, threads, section, weights, measurement, value).toJson());
  }

  /** The peer's process, where there is a peer. */
  private record PeerProcess(Optional<MeasuringProcess> process) implements AutoCloseable {

    @Override
    public void close() throws IOException {
      if (process.isPresent()) {
        process.get().close();
      }
    }
  }

  private PeerProcess peers(Section section, Weights weights) throws IOException {
    return new PeerProcess(
        peer.isPresent()
            ? Optional.of(peer.get().start(section, weights, models, device, threads))
            : Optional.empty());
  }

  private MeasuringProcess ours(String section, Weights weights) throws IOException {
    return new MeasuringProcess(
        EngineProcess.command(section, weights, models, device, threads), Map.of());
  }
}
