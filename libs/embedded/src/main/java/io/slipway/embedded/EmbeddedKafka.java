package io.slipway.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker (KRaft: broker and controller in one node) inside this JVM, durable under a
 * directory and listening on 127.0.0.1 only.
 *
 * <p>A record acknowledged with {@code acks=all} survives {@code kill -9} of this process, because
 * it then lies in the operating system's page cache; with {@link Durability#POWER_LOSS} it also
 * survives loss of power. Topics are not made by being named: create them. A broker whose disk
 * fails halts the JVM, as Kafka does.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final int ATTEMPTS_ON_FREE_PORTS = 3;

  private final DirectoryLock lock;
  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedKafka(DirectoryLock lock, KafkaRaftServer server, int port) {
    this.lock = lock;
    this.server = server;
    this.port = port;
  }

  /**
   * How to run the broker.
   *
   * @param port clients connect to; 0 takes a free one
   * @param controllerPort the broker connects to itself by; 0 takes a free one, which may differ on
   *     each start
   */
  public record Options(int port, int controllerPort, Durability durability) {
    /** Free ports, durable against loss of power. */
    public static Options defaults() {
      return new Options(0, 0, Durability.POWER_LOSS);
    }

    public Options withPort(int port) {
      return new Options(port, controllerPort, durability);
    }

    public Options withControllerPort(int controllerPort) {
      return new Options(port, controllerPort, durability);
    }

    public Options withDurability(Durability durability) {
      return new Options(port, controllerPort, durability);
    }
  }

  /**
   * Starts the broker in {@code directory}, after formatting it on first use, and returns when it
   * serves clients.
   *
   * @throws EmbeddedStartException if another process runs a broker there, a port is taken, or the
   *     broker fails to start
   */
  public static EmbeddedKafka start(Path directory, Options options) {
    QuietKafkaLogs.install();
    Path absolute = directory.toAbsolutePath().normalize();
    DirectoryLock lock = DirectoryLock.acquire(absolute, "Kafka");
    boolean started = false;
    try {
      Path logs = absolute.resolve("logs");
      format(logs);
      EmbeddedKafka broker = startOnPorts(lock, logs, options);
      started = true;
      return broker;
    } finally {
      if (!started) {
        lock.close();
      }
    }
  }

  private static EmbeddedKafka startOnPorts(DirectoryLock lock, Path logs, Options options) {
    boolean portsGiven = options.port() != 0 && options.controllerPort() != 0;
    for (int attempt = 1; ; attempt++) {
      int port = LoopbackPort.reserve(options.port(), "Kafka");
      int controllerPort = LoopbackPort.reserve(options.controllerPort(), "Kafka's controller");
      var settings = KafkaSettings.of(logs, port, controllerPort, options.durability());
      var server = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
      try {
        server.startup();
        return new EmbeddedKafka(lock, server, port);
      } catch (KafkaException e) {
        server.shutdown();
        boolean portLost = String.valueOf(e.getMessage()).contains("failed to bind");
        if (portsGiven || !portLost || attempt == ATTEMPTS_ON_FREE_PORTS) {
          throw new EmbeddedStartException(
              "Kafka in %s did not start: %s".formatted(logs, e.getMessage()), e);
        }
      }
    }
  }

  /**
   * {@code meta.properties} is the last thing that formatting writes, so a directory that has one
   * is whole.
   */
  private static void format(Path logs) {
    if (Files.exists(logs.resolve("meta.properties"))) {
      return;
    }
    try {
      Files.createDirectories(logs);
      new Formatter()
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(KafkaSettings.NODE_ID)
          .setControllerListenerName(KafkaSettings.CONTROLLER)
          .setMetadataLogDirectory(logs.toString())
          .addDirectory(logs.toString())
          .setIgnoreFormatted(true)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .run();
    } catch (Exception e) { // Formatter.run declares nothing narrower
      throw new EmbeddedStartException(
          "The Kafka directory %s cannot be formatted: %s.".formatted(logs, e), e);
    }
  }

  public int port() {
    return port;
  }

  /** For {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return LoopbackPort.HOST + ":" + port;
  }

  /** Stops the broker cleanly, so that the next start needs no recovery. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    lock.close();
  }
}
