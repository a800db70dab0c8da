package io.slipway.standalone.platform;

import io.slipway.embedded.EmbeddedKafka;
import io.slipway.embedded.EmbeddedPostgres;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What the services of one platform are told when they start. */
final class ServiceArguments {

  private static final String GATEWAY = "gateway";

  /** What models may take in one worker; two workers share the machine with everything else. */
  private static final String WORKER_MEMORY = "3GB";

  private final List<String> common = new ArrayList<>();
  private final DataDirectory data;
  private final PlatformOptions options;
  private final Installation installation;
  private final List<Integer> ports;
  private final List<String> services;

  ServiceArguments(
      DataDirectory data,
      PlatformOptions options,
      Installation installation,
      EmbeddedPostgres postgres,
      String jdbcUrl,
      EmbeddedKafka kafka,
      String hub,
      List<String> services) {
    this.data = data;
    this.options = options;
    this.installation = installation;
    this.ports = LoopbackPorts.free(services.size());
    this.services = services;
    set("slipway.database.url", jdbcUrl);
    set("slipway.database.user", postgres.user());
    set("slipway.database.password", postgres.password());
    set("slipway.kafka.brokers", kafka.bootstrapServers());
    set("slipway.hub.endpoint", hub);
    set(
        "slipway.hub.token",
        options.hubEndpoint() == null
            ? ""
            : System.getenv().getOrDefault(PlatformOptions.HUB_TOKEN_VARIABLE, ""));
    set("slipway.artifacts.root", data.artifacts());
    set("slipway.artifacts.checkouts", data.checkouts());
    set(
        "slipway.identity.platform-secret",
        DataDirectory.secret(data.platformSecretFile(), () -> randomHex(32)));
    set("spring.grpc.server.address", "127.0.0.1");
    set("server.address", "127.0.0.1");
    // Six services share one small server.
    set("spring.datasource.hikari.maximum-pool-size", 8);
    for (int i = 0; i < services.size(); i++) {
      set("slipway.services." + services.get(i), "static://127.0.0.1:" + ports.get(i));
    }
  }

  String[] of(String service) {
    List<String> arguments = new ArrayList<>(common);
    switch (service) {
      case GATEWAY -> {
        arguments.add(option("slipway.http.port", options.port()));
        arguments.add(option("slipway.grpc.port", options.grpcPort()));
        arguments.add(option("slipway.gateway.bootstrap-api-key", apiKey(data)));
      }
      case "deployment" -> {
        arguments.add(option("slipway.deployment.launcher", "process"));
        arguments.add(
            option(
                "slipway.deployment.worker-classpath",
                installation.wildcardClassPath("inference-worker")));
        arguments.add(
            option(
                "slipway.deployment.trainer-classpath", installation.wildcardClassPath("trainer")));
        arguments.add(option("slipway.deployment.logs", data.logs()));
        arguments.add(option("slipway.worker.memory", WORKER_MEMORY));
      }
      default -> {
        // The others need nothing of their own.
      }
    }
    if (!service.equals(GATEWAY)) {
      arguments.add(option("spring.main.web-application-type", "none"));
      arguments.add(option("slipway.grpc.port", ports.get(services.indexOf(service))));
    }
    return arguments.toArray(String[]::new);
  }

  /** The key that the command line uses, made on first use. */
  static String apiKey(DataDirectory data) {
    return DataDirectory.secret(data.apiKeyFile(), () -> "sk-slipway-" + randomHex(32));
  }

  private void set(String name, Object value) {
    common.add(option(name, value));
  }

  private static String option(String name, Object value) {
    return "--" + name + "=" + value;
  }

  private static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
