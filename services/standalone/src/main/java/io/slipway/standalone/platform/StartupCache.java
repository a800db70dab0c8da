package io.slipway.standalone.platform;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The JVM's ahead-of-time cache (JEP 483, 514) of the platform's classes. The first process on a
 * build records it and writes it when it stops; later ones start from it. A cache is good for the
 * very jars that it was recorded with.
 */
final class StartupCache {

  private static final String PREFIX = "platform-";

  private final Path directory;
  private final List<Path> jars;

  StartupCache(Path directory, List<Path> jars) {
    this.directory = directory;
    this.jars = jars;
  }

  String classPath() {
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  boolean exists() {
    try {
      return Files.exists(file());
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  List<String> jvmArguments() {
    try {
      Files.createDirectories(directory);
      Path cache = file();
      if (Files.exists(cache)) {
        return List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
      }
      removeOthers(cache);
      return List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private UncheckedIOException unusable(IOException e) {
    return new UncheckedIOException("The start-up cache in " + directory + " cannot be used.", e);
  }

  private Path file() throws IOException {
    return directory.resolve(PREFIX + Long.toHexString(fingerprint()) + ".aot");
  }

  private long fingerprint() throws IOException {
    CRC32C sum = new CRC32C();
    for (Path jar : jars) {
      String entry = jar + ":" + Files.size(jar) + ":" + Files.getLastModifiedTime(jar).toMillis();
      sum.update(entry.getBytes(StandardCharsets.UTF_8));
    }
    sum.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  private void removeOthers(Path cache) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file :
          files
              .filter(f -> f.getFileName().toString().startsWith(PREFIX) && !f.equals(cache))
              .toList()) {
        Files.delete(file);
      }
    }
  }
}
