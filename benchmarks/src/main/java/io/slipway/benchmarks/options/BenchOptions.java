package io.slipway.benchmarks.options;

import io.slipway.models.runtime.ComputeDevice;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where and how a command of {@code slipway bench} measures, and how it says what came out. */
public final class BenchOptions {

  @Option(
      names = "--threads",
      description = "Threads of an operator, on both sides; the machine's unless given.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu, cuda or cuda:N; ${DEFAULT-VALUE} unless given.")
  private String device = "cpu";

  @Option(names = "--json", description = "Prints JSON lines only, without a table.")
  private boolean json;

  /** Threads of an operator. */
  public int threads() {
    return threads;
  }

  /** Whether a program reads what is printed. */
  public boolean json() {
    return json;
  }

  /**
   * The device that was asked for.
   *
   * @param command that has these options
   * @throws ParameterException when an option is not possible
   */
  public ComputeDevice check(CommandSpec command) {
    if (threads < 1) {
      throw new ParameterException(
          command.commandLine(), "--threads is %d, expected at least 1".formatted(threads));
    }
    try {
      return ComputeDevice.parse(device);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
