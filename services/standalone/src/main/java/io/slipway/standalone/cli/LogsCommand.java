package io.slipway.standalone.cli;

import io.slipway.standalone.platform.DataDirectory;
import io.slipway.standalone.platform.PlatformException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Shows what the services have logged. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Shows what the platform, or one of its services, has logged.")
public final class LogsCommand implements Callable<Integer> {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Services of the platform's process, and the package that each logs from. */
  private static final Map<String, String> PACKAGES =
      Map.of(
          "gateway", "io.slipway.gateway",
          "catalog-sync", "io.slipway.catalog",
          "import", "io.slipway.imports",
          "evaluation", "io.slipway.evaluation",
          "fine-tune", "io.slipway.finetune",
          "deployment", "io.slipway.deployment");

  @Mixin private DataDirectoryOption dataDirectory = new DataDirectoryOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "<service>",
      description =
          "gateway, catalog-sync, import, evaluation, fine-tune, deployment, inference-worker or trainer; all when left out.")
  private @Nullable String service;

  @Option(
      names = {"-n", "--lines"},
      defaultValue = "200",
      paramLabel = "<count>",
      description = "The last so many lines. Default: ${DEFAULT-VALUE}.")
  private int lines = 200;

  @Override
  public Integer call() throws IOException {
    DataDirectory data = dataDirectory.open();
    if (service != null && (service.equals("inference-worker") || service.equals("trainer"))) {
      return showChildren(data, service);
    }
    String prefix = service == null ? "" : PACKAGES.get(service);
    if (prefix == null) {
      throw new PlatformException(
          "There is no service \"" + service + "\"; see slipway logs --help.");
    }
    if (!Files.exists(data.log())) {
      throw new PlatformException("Nothing has been logged in " + data.logs() + ".");
    }
    show(data.log(), prefix);
    return 0;
  }

  private int showChildren(DataDirectory data, String kind) throws IOException {
    try (Stream<Path> files = Files.walk(data.logs())) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith(kind)).sorted().toList()) {
        Terminal.system().line("== " + file.getFileName());
        show(file, "");
      }
    }
    return 0;
  }

  private void show(Path file, String prefix) throws IOException {
    try (Stream<String> all = Files.lines(file)) {
      var shown = all.map(line -> pretty(line, prefix)).filter(line -> !line.isEmpty()).toList();
      shown
          .subList(Math.max(0, shown.size() - lines), shown.size())
          .forEach(Terminal.system()::line);
    }
  }

  /** A line of the log for people; empty when it is of another service. */
  private static String pretty(String line, String prefix) {
    if (!line.startsWith("{")) {
      return prefix.isEmpty() ? line : "";
    }
    JsonNode entry = JSON.readTree(line);
    String logger = entry.path("loggerName").asString(entry.path("logger_name").asString(""));
    if (!logger.startsWith(prefix)) {
      return "";
    }
    String time =
        entry.has("timestamp")
            ? java.time.Instant.ofEpochMilli(entry.path("timestamp").asLong()).toString()
            : entry.path("@timestamp").asString("");
    String message = entry.path("formattedMessage").asString(entry.path("message").asString(""));
    String error = entry.path("throwable").path("message").asString("");
    return "%s %-5s %s: %s%s"
        .formatted(
            time,
            entry.path("level").asString(""),
            logger.substring(logger.lastIndexOf('.') + 1),
            message,
            error.isEmpty() ? "" : " [" + error + "]");
  }
}
