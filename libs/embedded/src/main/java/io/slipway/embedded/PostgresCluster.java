package io.slipway.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A PostgreSQL data directory and the password of its superuser.
 *
 * <pre>
 * lock           held by the process that runs the server
 * password       of the superuser, mode 0600
 * data/          the database cluster, made in data.partial/ and renamed when whole
 * postgres.log   what the server says
 * </pre>
 */
record PostgresCluster(Path directory, String password) {
  static final String SUPERUSER = "slipway";

  /**
   * Opens the cluster in {@code directory}, after making it with {@code initdb} if there is none.
   */
  static PostgresCluster openOrCreate(
      Path directory, PostgresBinaries binaries, ServerAccount account, Durability durability) {
    try {
      Path passwordFile = directory.resolve("password");
      if (!Files.exists(passwordFile)) {
        writePassword(passwordFile);
      }
      var cluster = new PostgresCluster(directory, Files.readString(passwordFile));
      if (!Files.isDirectory(cluster.data())) {
        cluster.create(passwordFile, binaries, account, durability);
      }
      return cluster;
    } catch (IOException e) {
      throw new EmbeddedStartException(
          "The PostgreSQL directory %s cannot be used: %s.".formatted(directory, e), e);
    }
  }

  Path data() {
    return directory.resolve("data");
  }

  Path log() {
    return directory.resolve("postgres.log");
  }

  private void create(
      Path passwordFile, PostgresBinaries binaries, ServerAccount account, Durability durability)
      throws IOException {
    Path partial = directory.resolve("data.partial");
    Command.run("rm", "-rf", partial.toString());
    account.own(directory);
    List<String> command = new ArrayList<>(account.prefix());
    command.addAll(
        List.of(
            binaries.program("initdb"),
            "--pgdata=" + partial,
            "--username=" + SUPERUSER,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            // Built into the server: the same order on every machine, whatever its C library.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions"));
    if (durability == Durability.PROCESS_DEATH) {
      command.add("--no-sync");
    }
    Command initdb = Command.run(command);
    if (!initdb.succeeded()) {
      throw new EmbeddedStartException(
          "PostgreSQL could not make a database in %s: %s".formatted(directory, initdb.output()));
    }
    Files.move(partial, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void writePassword(Path file) throws IOException {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    Path partial = file.resolveSibling("password.partial");
    Files.deleteIfExists(partial);
    Files.createFile(
        partial,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(partial, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
