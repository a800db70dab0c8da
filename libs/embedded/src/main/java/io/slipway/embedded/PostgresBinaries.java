package io.slipway.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once per version from the jar that carries them. */
record PostgresBinaries(Path directory) {

  /**
   * Unpacks into a directory named by the archive's checksum, unless it is there. Two processes may
   * do so at once: each unpacks beside the target and renames; the loser uses the winner's.
   */
  static PostgresBinaries unpackInto(Path cache) {
    String archive = archiveName();
    URL resource = PostgresBinaries.class.getResource("/" + archive);
    if (resource == null) {
      throw new EmbeddedStartException(
          "No PostgreSQL for this machine on the class path: %s is missing.".formatted(archive));
    }
    try {
      Path target = cache.resolve("postgres-" + checksum(resource));
      if (!Files.isDirectory(target)) {
        Files.createDirectories(cache);
        unpack(resource, target);
      }
      return new PostgresBinaries(target);
    } catch (IOException e) {
      throw new EmbeddedStartException(
          "PostgreSQL could not be unpacked into %s: %s.".formatted(cache, e), e);
    }
  }

  /**
   * {@code /var/cache/slipway} for root, whose home other accounts cannot read, else {@code
   * ~/.cache/slipway}.
   */
  static Path defaultCache() {
    return ServerAccount.isRoot()
        ? Path.of("/var/cache/slipway")
        : Path.of(System.getProperty("user.home"), ".cache", "slipway");
  }

  String program(String name) {
    return directory.resolve("bin").resolve(name).toString();
  }

  private static String archiveName() {
    String os = System.getProperty("os.name");
    String architecture =
        switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64" -> "arm_64";
          case String other ->
              throw new EmbeddedStartException(
                  "PostgreSQL is not bundled for %s; expected amd64 or aarch64.".formatted(other));
        };
    if (!os.equals("Linux")) {
      throw new EmbeddedStartException(
          "PostgreSQL is not bundled for %s; expected Linux.".formatted(os));
    }
    return "postgres-linux-" + architecture + ".txz";
  }

  /** The archive's CRC, which the jar's directory already knows. */
  private static String checksum(URL resource) throws IOException {
    if (resource.openConnection() instanceof JarURLConnection jar) {
      return "%08x".formatted(jar.getJarEntry().getCrc());
    }
    return "%d".formatted(resource.openConnection().getContentLengthLong());
  }

  private static void unpack(URL resource, Path target) throws IOException {
    Path partial = Files.createTempDirectory(target.getParent(), "unpacking-");
    try {
      // Programs are world-readable: the server may run under another account than the one that
      // unpacks.
      extract(resource, partial);
      Command.run("chmod", "-R", "a+rX", partial.toString());
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
    } finally {
      Command.run("rm", "-rf", partial.toString());
    }
  }

  private static void extract(URL resource, Path directory) throws IOException {
    Process tar =
        new ProcessBuilder("tar", "-x", "-f", "-", "-C", directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream archive = new XZInputStream(resource.openStream());
        var pipe = tar.getOutputStream()) {
      archive.transferTo(pipe);
    }
    try {
      if (tar.waitFor() != 0) {
        throw new IOException(
            "tar ended with exit code " + tar.exitValue() + "; is the disk full?");
      }
    } catch (InterruptedException e) {
      throw EmbeddedStartException.interrupted("unpacking PostgreSQL", e);
    }
  }
}
