package io.slipway.standalone.cli;

import io.slipway.standalone.platform.DataDirectory;
import io.slipway.standalone.platform.PlatformState;
import io.slipway.standalone.platform.ResidentMemory;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says whether the platform runs, where it answers, and what it takes. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Says whether the platform runs; exits with 1 when it does not.")
public final class StatusCommand implements Callable<Integer> {

  @Mixin private DataDirectoryOption dataDirectory = new DataDirectoryOption();

  @Override
  public Integer call() {
    DataDirectory data = dataDirectory.open();
    Terminal terminal = Terminal.system();
    Optional<PlatformState> live = PlatformState.ofLiveProcess(data);
    if (live.isEmpty()) {
      terminal.line("No platform runs in " + data.root() + ".");
      return 1;
    }
    PlatformState state = live.get();
    ProcessHandle process = state.process().orElseThrow();
    terminal.line("%-10s%s (%s)".formatted("state", state.phase(), state.step()));
    terminal.line("%-10s%d".formatted("process", state.pid()));
    terminal.line("%-10s%s".formatted("REST", state.gateway()));
    terminal.line("%-10s%s".formatted("gRPC", state.grpc()));
    terminal.line("%-10s%s".formatted("hub", state.hub()));
    terminal.line(
        "%-10s%d MiB resident, with child processes"
            .formatted("memory", ResidentMemory.ofProcessTree(process)));
    process
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .forEach(child -> terminal.line("%-10s%s".formatted("child", describe(child))));
    return state.phase() == PlatformState.Phase.READY ? 0 : 1;
  }

  private static String describe(ProcessHandle child) {
    String line = child.info().commandLine().orElse("");
    String kind = line.contains("TrainerApplication") ? "trainer" : "inference worker";
    return "%s, process %d, %d MiB"
        .formatted(kind, child.pid(), ResidentMemory.ofProcessTree(child));
  }
}
