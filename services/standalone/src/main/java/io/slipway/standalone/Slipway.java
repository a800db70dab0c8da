package io.slipway.standalone;

import io.slipway.standalone.cli.DownCommand;
import io.slipway.standalone.cli.LogsCommand;
import io.slipway.standalone.cli.StatusCommand;
import io.slipway.standalone.cli.UpCommand;
import io.slipway.standalone.platform.PlatformException;
import io.slipway.standalone.tour.TourCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line: {@code slipway up}, {@code tour}, {@code status}, {@code logs}, {@code down}.
 */
@Command(
    name = "slipway",
    mixinStandardHelpOptions = true,
    version = "Slipway 0.1.0",
    description =
        "Takes an open model from the Hugging Face Hub to a serving endpoint, on this machine.",
    footerHeading = "%nTo measure the engine (each has its own --help):%n",
    footer = {
      "  conformance DIR          compares models with what the reference computed",
      "  bench engine MODELS_DIR  times the engine in turn with Python transformers"
    },
    subcommands = {
      UpCommand.class,
      TourCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      DownCommand.class
    })
public final class Slipway {

  private Slipway() {}

  public static void main(String[] args) {
    CommandLine commandLine = new CommandLine(new Slipway());
    commandLine.setExecutionExceptionHandler(
        (failure, command, result) -> {
          if (failure instanceof PlatformException expected) {
            command.getErr().println(expected.getMessage());
            return 1;
          }
          throw failure;
        });
    System.exit(args.length == 0 ? usage(commandLine) : commandLine.execute(args));
  }

  private static int usage(CommandLine commandLine) {
    commandLine.usage(System.out);
    return 0;
  }
}
