package io.slipway.standalone.cli;

import io.slipway.standalone.platform.ApiKeys;
import io.slipway.standalone.platform.DataDirectory;
import io.slipway.standalone.platform.PlatformLauncher;
import io.slipway.standalone.platform.PlatformOptions;
import io.slipway.standalone.platform.PlatformState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the platform and returns once it is ready. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Starts the platform, unless it runs, and returns once everything is ready.")
public final class UpCommand implements Callable<Integer> {

  @Mixin private DataDirectoryOption dataDirectory = new DataDirectoryOption();
  @Mixin private PlatformOptions options = new PlatformOptions();

  @Override
  public Integer call() {
    DataDirectory data = dataDirectory.open();
    Terminal terminal = Terminal.system();
    try (var progress = terminal.progress("Starting")) {
      PlatformState state =
          new PlatformLauncher(data)
              .ensureReady(options, s -> progress.update(s.done(), s.steps(), s.step()));
      progress.done("ready after %.1f s".formatted(state.readySeconds()));
      terminal.line("");
      terminal.line(
          "  REST      "
              + state.gateway()
              + "        (API: "
              + state.gateway()
              + "/swagger-ui.html)");
      terminal.line("  gRPC      " + state.grpc());
      terminal.line("  hub       " + state.hub());
      terminal.line("  API key   " + ApiKeys.of(data));
      terminal.line("  data      " + data.root());
      terminal.line("");
      terminal.line("Try \"slipway tour\"; \"slipway down\" stops it.");
    }
    return 0;
  }
}
