package io.slipway.standalone.platform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code up} and of the commands that start the platform on the way. */
public final class PlatformOptions {

  static final String HUB_TOKEN_VARIABLE = "HF_TOKEN";

  @Option(
      names = "--port",
      paramLabel = "<port>",
      defaultValue = "8080",
      description =
          "Port of the gateway's REST API; gRPC is on the next one. Default: ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Option(
      names = "--hub-endpoint",
      paramLabel = "<url>",
      description =
          "Hub to take models from, such as https://huggingface.co; a token is read from the variable HF_TOKEN."
              + " Default: a small hub that Slipway generates, for which no network is needed.")
  private @Nullable String hubEndpoint;

  public int port() {
    return port;
  }

  public int grpcPort() {
    return port + 1;
  }

  public @Nullable String hubEndpoint() {
    return hubEndpoint;
  }

  /** The same options as arguments, for the process that runs the platform. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("--port", Integer.toString(port)));
    if (hubEndpoint != null) {
      arguments.addAll(List.of("--hub-endpoint", hubEndpoint));
    }
    return arguments;
  }
}
