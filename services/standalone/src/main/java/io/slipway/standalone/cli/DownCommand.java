package io.slipway.standalone.cli;

import io.slipway.standalone.platform.DataDirectory;
import io.slipway.standalone.platform.PlatformLauncher;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops the platform; its data stays. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stops the platform; its data stays.")
public final class DownCommand implements Callable<Integer> {

  @Mixin private DataDirectoryOption dataDirectory = new DataDirectoryOption();

  @Override
  public Integer call() {
    DataDirectory data = dataDirectory.open();
    Terminal terminal = Terminal.system();
    PlatformLauncher platform = new PlatformLauncher(data);
    try (var progress = terminal.progress("Stopping")) {
      progress.update(
          0,
          0,
          platform.savesStartupCache()
              ? "the first run of a build also saves its start-up cache, which takes half a minute"
              : "the services end what they are doing");
      progress.done(
          platform.stop()
              ? "done; the data is in " + data.root()
              : "no platform runs in " + data.root());
    }
    return 0;
  }
}
