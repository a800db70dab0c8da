package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.options.BenchOptions;
import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.datasets.DatasetException;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;

/** Fine-tunes small models on real data. */
@Command(
    name = "tuning",
    mixinStandardHelpOptions = true,
    description = {
      "Fine-tunes small models with random weights on the datasets of a folder, and holds them against baselines on held-out rows.",
      "Prints a JSON line a trial and a table. Exits with 0 when every loss fell and every required metric beats its baseline, 1 when one does not, 2 when it cannot begin, 3 when none failed but a dataset is missing."
    })
public final class TuningCommand implements Callable<Integer> {

  private static final int INCOMPLETE = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "DATA_DIR",
      description = "Folder of datasets, such as sst2.train.tsv and sst2.dev.tsv.")
  private Path data = Path.of("");

  @Option(
      names = "--only",
      arity = "1..*",
      paramLabel = "NAME",
      description =
          "Of sst2, ag-news-topics, wnut17, xquad, multi30k, ag-news-headlines, tiny-shakespeare, digits; all of them unless given.")
  private List<String> only = List.of();

  @Option(
      names = "--python",
      paramLabel = "PYTHON",
      description =
          "A Python with torch and transformers, with whose first losses ours are compared.")
  private Optional<String> python = Optional.empty();

  @Option(
      names = "--budget",
      defaultValue = "1",
      paramLabel = "FACTOR",
      description = "How many times the usual steps; ${DEFAULT-VALUE} unless given.")
  private double budget = 1;

  @Mixin private BenchOptions options = new BenchOptions();

  /** Runs the trials and prints what came out. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Trial> trials = trials();
    ComputeDevice on = check();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    DataFolder folder = new DataFolder(data);
    List<TrialResult> results = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    boolean missing = false;
    try (ComputeExecutor executor = new ComputeExecutor(on, options.threads())) {
      TrialRun run =
          new TrialRun(
              executor, budget, python.map(program -> new Reference(program, options.threads())));
      for (Trial trial : trials) {
        Optional<DataFiles> files = folder.find(trial.dataset());
        if (files.isEmpty()) {
          missing = true;
          err.println(
              "%s: %s has no file %s*train* with its rows; it is left out"
                  .formatted(trial.label(), data, trial.dataset()));
          continue;
        }
        try {
          TrialResult result = run.run(trial, files.get());
          results.add(result);
          out.println(ResultTable.json(result));
        } catch (DatasetException | IllegalArgumentException | JacksonException e) {
          broken.add("%s: %s: %s".formatted(trial.label(), files.get().train(), e.getMessage()));
        } catch (IOException e) {
          broken.add("%s: %s".formatted(trial.label(), e.getMessage()));
        }
        out.flush();
      }
    }
    return conclude(results, broken, missing);
  }

  private int conclude(List<TrialResult> results, List<String> broken, boolean missing) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (!options.json()) {
      out.println();
      new ResultTable(results).print(out);
      out.println();
    }
    List<String> failures =
        Stream.concat(
                broken.stream(), results.stream().flatMap(result -> result.failures().stream()))
            .toList();
    PrintWriter sentences = options.json() ? err : out;
    failures.forEach(sentences::println);
    results.forEach(result -> result.remarks().forEach(sentences::println));
    if (results.isEmpty() && failures.isEmpty()) {
      err.println(data + " has none of the datasets");
      return 2;
    }
    return failures.isEmpty() ? (missing ? INCOMPLETE : 0) : 1;
  }

  private List<Trial> trials() {
    if (only.isEmpty()) {
      return List.of(Trial.values());
    }
    return only.stream().distinct().map(this::trial).sorted().toList();
  }

  private Trial trial(String name) {
    return Trial.of(name)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "there is no trial \"%s\", only %s"
                        .formatted(
                            name, Arrays.stream(Trial.values()).map(Trial::label).toList())));
  }

  private ComputeDevice check() {
    if (!(budget > 0) || Double.isInfinite(budget)) {
      throw new ParameterException(
          spec.commandLine(), "--budget is %s, expected more than 0".formatted(budget));
    }
    if (!Files.isDirectory(data)) {
      throw new ParameterException(spec.commandLine(), data + " is no folder");
    }
    return options.check(spec);
  }
}
