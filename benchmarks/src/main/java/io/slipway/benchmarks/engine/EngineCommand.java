package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.options.BenchOptions;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.runtime.ComputeDevice;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times the engine, in turn with Python transformers where there is one. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = {
      "Times the engine on the checkpoints minilm-size and llama-254m, in turn with Python transformers, and holds the ratios against targets.",
      "Prints a JSON line a figure and a table. Exits with 0 when every target is held, 1 when one is missed, 2 when it cannot begin, 3 when none is missed but some could not be compared."
    })
public final class EngineCommand implements Callable<Integer> {

  private static final String PYTHON = "SLIPWAY_PYTHON";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "MODELS_DIR",
      description = "Folder of the checkpoints that benchmarks/make_models.py makes.")
  private Path models = Path.of("");

  @Option(
      names = "--only",
      arity = "1..*",
      paramLabel = "SECTION",
      description = "Of encoder, decoder, training; all of them unless given.")
  private List<Section> only = List.of();

  @Mixin private BenchOptions options = new BenchOptions();

  @Option(
      names = "--runs",
      defaultValue = "6",
      description = "Calls in a turn of which the median counts; slow work gets fewer.")
  private int runs = 6;

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description =
          "A Python with torch, transformers and peft; $SLIPWAY_PYTHON or python3 unless given.")
  private Optional<String> python = Optional.empty();

  @Option(names = "--alone", description = "Measures the engine only, without a peer.")
  private boolean alone;

  /** Measures, compares and prints. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Section> sections = sections();
    ComputeDevice device = check(sections);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (FoundPeer found = findPeer()) {
      if (found.peer().isEmpty() && !alone) {
        err.println(
            "No Python with torch and transformers was found (--python, $%s, python3): nothing is compared."
                .formatted(PYTHON));
      }
      EngineBenchmark benchmark =
          new EngineBenchmark(
              models,
              device.toString(),
              options.threads(),
              runs,
              found.peer(),
              out::println,
              err::println);
      MachineLimits limits = benchmark.limits();
      List<Comparison> comparisons = new ArrayList<>();
      for (Section section : sections) {
        comparisons.addAll(benchmark.run(section, limits));
        out.flush();
      }
      return conclude(comparisons, out, err);
    } catch (MeasuringProcess.Failure e) {
      throw new ParameterException(
          spec.commandLine(), "the machine's limits cannot be measured: " + e.getMessage(), e);
    }
  }

  private int conclude(List<Comparison> comparisons, PrintWriter out, PrintWriter err) {
    ComparisonTable table = new ComparisonTable(comparisons);
    if (options.json()) {
      table.printJson(out);
    } else {
      out.println();
      table.print(out);
      out.println();
    }
    Conclusion conclusion = Conclusion.of(comparisons);
    PrintWriter verdicts = options.json() ? err : out;
    conclusion.sentences().forEach(verdicts::println);
    out.flush();
    err.flush();
    return conclusion.exitCode();
  }

  /** The peer, if there is one. */
  private record FoundPeer(Optional<Peer> peer) implements AutoCloseable {

    @Override
    public void close() throws IOException {
      if (peer.isPresent()) {
        peer.get().close();
      }
    }
  }

  private FoundPeer findPeer() throws IOException, InterruptedException {
    if (alone) {
      return new FoundPeer(Optional.empty());
    }
    Optional<String> asked =
        python.or(() -> Optional.ofNullable(System.getenv(PYTHON)).filter(path -> !path.isBlank()));
    Optional<Peer> peer = Peer.find(asked.orElse("python3"));
    if (asked.isPresent() && peer.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), asked.get() + " is no Python that can import torch and transformers");
    }
    return new FoundPeer(peer);
  }

  private List<Section> sections() {
    return only.isEmpty() ? List.of(Section.values()) : only.stream().distinct().sorted().toList();
  }

  private ComputeDevice check(List<Section> sections) {
    ComputeDevice device = options.check(spec);
    if (runs < 1) {
      throw new ParameterException(
          spec.commandLine(), "--runs is %d, expected at least 1".formatted(runs));
    }
    for (Section section : sections) {
      if (!Files.isRegularFile(models.resolve(section.model()).resolve(ModelConfig.FILE))) {
        throw new ParameterException(
            spec.commandLine(),
            "%s has no checkpoint %s; benchmarks/make_models.py makes it"
                .formatted(models, section.model()));
      }
    }
    return device;
  }
}
