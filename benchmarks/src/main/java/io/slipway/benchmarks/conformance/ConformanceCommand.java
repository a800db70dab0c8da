package io.slipway.benchmarks.conformance;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs every case under a folder. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = {
      "Runs every case under a folder (a checkpoint with a golden.json, which holds what the reference computed) and compares.",
      "Exits with 0 when all cases hold, 1 when one does not, 2 when there is no case."
    })
public final class ConformanceCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "A case, or a folder of cases.")
  private Path directory = Path.of("");

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu, cuda or cuda:N; ${DEFAULT-VALUE} unless given.")
  private String device = "cpu";

  @Option(names = "--threads", description = "Threads of an operator; the machine's unless given.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "Prints one JSON object instead of a table.")
  private boolean json;

  /** Prints how the cases went. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Path> cases = cases();
    List<String> names = cases.stream().map(this::name).toList();
    PrintWriter out = spec.commandLine().getOut();
    ConformanceReport report =
        json ? new ConformanceReport.Json(out) : new ConformanceReport.Table(out, names);
    boolean ok = true;
    try (ComputeExecutor executor = executor()) {
      for (int i = 0; i < cases.size(); i++) {
        CaseResult result = CaseRun.of(cases.get(i), names.get(i), executor);
        report.add(result);
        ok &= result.ok();
      }
    }
    report.end();
    return ok ? 0 : 1;
  }

  private ComputeExecutor executor() {
    try {
      return new ComputeExecutor(ComputeDevice.parse(device), threads);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private List<Path> cases() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new ParameterException(spec.commandLine(), "%s is not a folder".formatted(directory));
    }
    List<Path> found = CaseFolders.under(directory);
    if (found.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "%s has no case: expected folders with a %s".formatted(directory, Golden.FILE));
    }
    return found;
  }

  private String name(Path folder) {
    return folder.equals(directory)
        ? folder.toAbsolutePath().normalize().getFileName().toString()
        : directory.relativize(folder).toString();
  }
}
