package io.slipway.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A PostgreSQL server run as a child process, durable under a directory and listening on 127.0.0.1
 * only.
 *
 * <p>It ends when this object is closed or when this process ends, also by {@code kill -9}. A
 * server that an earlier process left behind in the directory is stopped first; after a crash the
 * server recovers by itself.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Pattern DATABASE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final String DUPLICATE_DATABASE = "42P04";
  private static final int ATTEMPTS_ON_A_FREE_PORT = 3;

  private final DirectoryLock lock;
  private final PostgresCluster cluster;
  private final Postmaster postmaster;
  private final int port;

  private EmbeddedPostgres(
      DirectoryLock lock, PostgresCluster cluster, Postmaster postmaster, int port) {
    this.lock = lock;
    this.cluster = cluster;
    this.postmaster = postmaster;
    this.port = port;
  }

  /**
   * How to run the server.
   *
   * @param port to listen on; 0 takes a free one
   * @param patience how long a start (crash recovery included) or a stop may take
   * @param binariesCache where PostgreSQL's programs are unpacked, shared by all servers of this
   *     account
   */
  public record Options(int port, Durability durability, Duration patience, Path binariesCache) {
    /**
     * A free port, durable against loss of power, one minute of patience, the account's cache
     * directory.
     */
    public static Options defaults() {
      return new Options(
          0, Durability.POWER_LOSS, Duration.ofMinutes(1), PostgresBinaries.defaultCache());
    }

    public Options withPort(int port) {
      return new Options(port, durability, patience, binariesCache);
    }

    public Options withDurability(Durability durability) {
      return new Options(port, durability, patience, binariesCache);
    }

    public Options withPatience(Duration patience) {
      return new Options(port, durability, patience, binariesCache);
    }

    public Options withBinariesCache(Path binariesCache) {
      return new Options(port, durability, patience, binariesCache);
    }
  }

  /**
   * Starts the server in {@code directory}, after making a database cluster there if there is none,
   * and returns when it accepts connections.
   *
   * @throws EmbeddedStartException if another process runs a server there, the port is taken, the
   *     disk is full, or the server does not come up in time
   */
  public static EmbeddedPostgres start(Path directory, Options options) {
    return start(directory, options, ServerAccount.ofThisProcess());
  }

  static EmbeddedPostgres start(Path directory, Options options, ServerAccount account) {
    Path absolute = directory.toAbsolutePath().normalize();
    DirectoryLock lock = DirectoryLock.acquire(absolute, "PostgreSQL");
    boolean started = false;
    try {
      PostgresBinaries binaries = PostgresBinaries.unpackInto(options.binariesCache());
      PostgresCluster cluster =
          PostgresCluster.openOrCreate(absolute, binaries, account, options.durability());
      LeftoverServer.stop(cluster.data(), options.patience());
      account.own(absolute);
      EmbeddedPostgres server = startOnPort(lock, cluster, binaries, account, options);
      started = true;
      return server;
    } finally {
      if (!started) {
        lock.close();
      }
    }
  }

  private static EmbeddedPostgres startOnPort(
      DirectoryLock lock,
      PostgresCluster cluster,
      PostgresBinaries binaries,
      ServerAccount account,
      Options options) {
    for (int attempt = 1; ; attempt++) {
      int port = LoopbackPort.reserve(options.port(), "PostgreSQL");
      try {
        return new EmbeddedPostgres(
            lock, cluster, Postmaster.start(cluster, binaries, account, port, options), port);
      } catch (EmbeddedStartException e) {
        boolean portLost = String.valueOf(e.getMessage()).contains("could not bind");
        if (options.port() != 0 || !portLost || attempt == ATTEMPTS_ON_A_FREE_PORT) {
          throw e;
        }
      }
    }
  }

  public int port() {
    return port;
  }

  /** The superuser's name. */
  public String user() {
    return PostgresCluster.SUPERUSER;
  }

  public String password() {
    return cluster.password();
  }

  /** The address of a database, which need not exist yet. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s".formatted(LoopbackPort.HOST, port, database);
  }

  /** Whether the server process is alive. */
  public boolean isRunning() {
    return postmaster.isRunning();
  }

  /** The process id of the server. */
  public long pid() {
    return postmaster.pid();
  }

  /**
   * Makes the database unless it exists; safe to call from two processes at once.
   *
   * @param name lower-case letters, digits and underscores, at most 63
   * @return its {@link #jdbcUrl}
   */
  public String createDatabaseIfAbsent(String name) {
    if (!DATABASE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "database name '%s' does not match %s".formatted(name, DATABASE_NAME.pattern()));
    }
    try (Connection connection =
            DriverManager.getConnection(jdbcUrl("postgres"), user(), password());
        var exists = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?");
        var create = connection.createStatement()) {
      exists.setString(1, name);
      if (!exists.executeQuery().next()) {
        create.execute("CREATE DATABASE " + name);
      }
      return jdbcUrl(name);
    } catch (SQLException e) {
      if (DUPLICATE_DATABASE.equals(e.getSQLState())) {
        return jdbcUrl(name);
      }
      throw new IllegalStateException(
          "The database '%s' could not be made: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Ends all sessions and stops the server; what was committed stays. */
  @Override
  public void close() {
    postmaster.close();
    lock.close();
  }
}
