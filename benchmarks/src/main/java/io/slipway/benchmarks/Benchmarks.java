package io.slipway.benchmarks;

import io.slipway.benchmarks.conformance.ConformanceCommand;
import io.slipway.benchmarks.engine.EngineCommand;
import io.slipway.benchmarks.tuning.TuningCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The commands of {@code slipway} that measure: {@code conformance} and {@code bench}. */
@Command(
    name = "slipway",
    description = "Measures the engine: how close it is to the reference, and how fast.",
    mixinStandardHelpOptions = true,
    subcommands = {ConformanceCommand.class, Benchmarks.Bench.class})
public final class Benchmarks {

  private Benchmarks() {}

  @Command(
      name = "bench",
      description = "Measures how fast the engine is, and how well it fine-tunes.",
      mixinStandardHelpOptions = true,
      subcommands = {EngineCommand.class, TuningCommand.class})
  static final class Bench {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The commands, ready to be executed. */
  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Benchmarks());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(Benchmarks::refuse);
    return commandLine;
  }

  private static int refuse(ParameterException problem, String[] args) {
    CommandLine command = problem.getCommandLine();
    command.getErr().println(problem.getMessage());
    command
        .getErr()
        .println("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
    return CommandLine.ExitCode.USAGE;
  }
}
