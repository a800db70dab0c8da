package io.slipway.standalone.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where Slipway's built files lie; the launcher says so with the system property {@code
 * slipway.home}.
 */
record Installation(Path home) {

  static Installation current() {
    String home = System.getProperty("slipway.home");
    if (home == null) {
      throw new PlatformException("Start Slipway with its launcher, ./slipway.");
    }
    return new Installation(Path.of(home));
  }

  /** The jar of a service and those that it needs, always in the same order. */
  List<Path> classPath(String service) {
    Path target = home.resolve("services").resolve(service).resolve("target");
    try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
      return Stream.concat(Stream.of(target.resolve(service + ".jar")), libraries.sorted())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Slipway is not built: " + target + " is not complete.", e);
    }
  }

  /** For settings that take a class path with wildcards. */
  String wildcardClassPath(String service) {
    Path target = home.resolve("services").resolve(service).resolve("target");
    return target.resolve(service + ".jar") + ":" + target.resolve("lib") + "/*";
  }
}
