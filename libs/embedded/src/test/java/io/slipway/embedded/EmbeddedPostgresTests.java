package io.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slipway.process.ChildJvm;
import io.slipway.process.Signal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTests {
  private static final EmbeddedPostgres.Options DURABLE = EmbeddedPostgres.Options.defaults();

  @TempDir Path directory;

  @Test
  void keepsRowsAcrossARestart() throws Exception {
    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      execute(server, "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('ä')");
    }
    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThat(query(server, "SELECT value FROM kept")).containsExactly("ä");
    }
  }

  @Test
  void flushesToTheDiskUnlessToldOtherwise() throws Exception {
    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThat(query(server, "SHOW fsync")).containsExactly("on");
      assertThat(query(server, "SHOW synchronous_commit")).containsExactly("on");
      assertThat(query(server, "SHOW full_page_writes")).containsExactly("on");
    }
    try (var server =
        EmbeddedPostgres.start(directory, DURABLE.withDurability(Durability.PROCESS_DEATH))) {
      assertThat(query(server, "SHOW fsync")).containsExactly("off");
      assertThat(query(server, "SHOW synchronous_commit")).containsExactly("on");
    }
  }

  @Test
  void recoversAfterItsServerWasKilled() throws Exception {
    var server = EmbeddedPostgres.start(directory, DURABLE);
    execute(server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    Signal.KILL.send(server.pid());
    await().until(() -> !server.isRunning());
    server.close();

    try (var next = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThat(query(next, "SELECT count(*) FROM kept")).containsExactly("1000");
    }
  }

  @Test
  void endsWhenItsJvmIsKilledAndRecovers() throws Exception {
    Path ready = directory.resolve("ready");
    try (var jvm =
        ChildJvm.running(PostgresHost.class)
            .jvmArguments("-Xmx64m")
            .arguments(directory.resolve("pg").toString(), ready.toString())
            .start(directory.resolve("host.log"))) {
      await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(ready));
      long server = Long.parseLong(Files.readString(ready));
      assertThat(ProcessHandle.of(server)).isPresent();

      jvm.kill9();

      await().atMost(Duration.ofSeconds(30)).until(() -> ProcessHandle.of(server).isEmpty());
    }
    try (var next = EmbeddedPostgres.start(directory.resolve("pg"), DURABLE)) {
      assertThat(query(next, "SELECT count(*) FROM kept")).containsExactly("1000");
    }
  }

  @Test
  void stopsAnOrphanOfAnEarlierRunFirst() throws Exception {
    EmbeddedPostgres.start(directory, DURABLE).close();
    Process orphan = startWithoutWatch(directory.resolve("data"));
    await().until(() -> Files.exists(directory.resolve("data/postmaster.pid")));

    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThat(orphan.isAlive()).isFalse();
      assertThat(query(server, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void ignoresAPidFileWhoseProcessIsSomethingElseByNow() throws Exception {
    EmbeddedPostgres.start(directory, DURABLE).close();
    Path data = directory.resolve("data");
    String stale =
        "%d\n%s\n1\n5432\n\n127.0.0.1\n\nready\n".formatted(ProcessHandle.current().pid(), data);
    Files.writeString(data.resolve("postmaster.pid"), stale);

    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThat(query(server, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void startsAfreshWhenTheFirstInitialisationWasCutShort() throws Exception {
    Files.createDirectories(directory.resolve("data.partial/base"));
    Files.writeString(directory.resolve("data.partial/PG_VERSION"), "18\n");

    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThat(query(server, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void twoServersRunSideBySide() throws Exception {
    try (var one = EmbeddedPostgres.start(directory.resolve("one"), DURABLE);
        var two = EmbeddedPostgres.start(directory.resolve("two"), DURABLE)) {
      execute(one, "CREATE TABLE only_here ()");
      assertThat(one.port()).isNotEqualTo(two.port());
      assertThat(one.password()).isNotEqualTo(two.password());
      assertThat(query(two, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"))
          .containsExactly("0");
    }
  }

  @Test
  void refusesADirectoryThatIsInUse() {
    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(directory, DURABLE))
          .isInstanceOf(EmbeddedStartException.class)
          .hasMessageContaining("in use by another process")
          .hasMessageContaining(directory.toString());
      assertThat(server.isRunning()).isTrue();
    }
  }

  @Test
  void refusesATakenPort() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> EmbeddedPostgres.start(directory, DURABLE.withPort(taken.getLocalPort())))
          .isInstanceOf(EmbeddedStartException.class)
          .hasMessageContaining("Port " + taken.getLocalPort())
          .hasMessageContaining("is taken");
    }
    EmbeddedPostgres.start(directory, DURABLE).close();
  }

  @Test
  void letsNobodyInWithoutThePassword() throws Exception {
    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThatThrownBy(
              () -> DriverManager.getConnection(server.jdbcUrl("postgres"), server.user(), "wrong"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("password"))))
        .isEqualTo("rw-------");
  }

  @Test
  void makesADatabaseOnce() throws Exception {
    try (var server = EmbeddedPostgres.start(directory, DURABLE)) {
      assertThat(server.createDatabaseIfAbsent("slipway")).isEqualTo(server.jdbcUrl("slipway"));
      assertThat(server.createDatabaseIfAbsent("slipway")).isEqualTo(server.jdbcUrl("slipway"));
      try (Connection c =
          DriverManager.getConnection(
              server.jdbcUrl("slipway"), server.user(), server.password())) {
        assertThat(c.isValid(5)).isTrue();
      }
      assertThatThrownBy(() -> server.createDatabaseIfAbsent("x; DROP DATABASE slipway"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("x; DROP DATABASE slipway");
    }
  }

  @Test
  void runsAsNobodyWhereRootHasNoNamespaces() throws Exception {
    Assumptions.assumeTrue(ServerAccount.isRoot());
    Path reachable = Files.createTempDirectory(Path.of("/var/tmp"), "slipway-embedded-");
    Files.setPosixFilePermissions(reachable, PosixFilePermissions.fromString("rwx--x--x"));
    Path home = reachable.resolve("pg");
    try {
      EmbeddedPostgres.start(home, DURABLE, ServerAccount.NOBODY).close();
      try (var server = EmbeddedPostgres.start(home, DURABLE, ServerAccount.NOBODY)) {
        assertThat(query(server, "SELECT 1")).containsExactly("1");
        assertThat(Files.getOwner(Path.of("/proc", Long.toString(server.pid()))).getName())
            .isEqualTo("nobody");
      }
    } finally {
      Command.run("rm", "-rf", reachable.toString());
    }
  }

  @Test
  void saysWhyTheServerDidNotStart() throws Exception {
    EmbeddedPostgres.start(directory, DURABLE).close();
    Files.writeString(directory.resolve("data/postgresql.conf"), "no_such_setting = 1\n");

    assertThatThrownBy(() -> EmbeddedPostgres.start(directory, DURABLE))
        .isInstanceOf(EmbeddedStartException.class)
        .hasMessageContaining("no_such_setting");
  }

  private static Process startWithoutWatch(Path data) throws Exception {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(ServerAccount.ofThisProcess().prefix());
    command.add(PostgresBinaries.unpackInto(PostgresBinaries.defaultCache()).program("postgres"));
    command.addAll(
        List.of(
            "-D",
            data.toString(),
            "-p",
            Integer.toString(LoopbackPort.reserve(0, "orphan")),
            "-k",
            ""));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
    try (Connection c =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        var statement = c.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> query(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection c =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        var statement = c.createStatement();
        var rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }
}
