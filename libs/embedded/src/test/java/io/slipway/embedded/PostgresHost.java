package io.slipway.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A JVM to be killed: it runs a server, commits rows, and writes the server's process id into a
 * file.
 */
final class PostgresHost {
  private PostgresHost() {}

  public static void main(String[] args) throws Exception {
    var server = EmbeddedPostgres.start(Path.of(args[0]), EmbeddedPostgres.Options.defaults());
    EmbeddedPostgresTests.execute(
        server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    Path partial = Path.of(args[1] + ".partial");
    Files.writeString(partial, Long.toString(server.pid()));
    Files.move(partial, Path.of(args[1]), StandardCopyOption.ATOMIC_MOVE);
    Thread.currentThread().join();
  }
}
