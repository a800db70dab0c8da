package io.slipway.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Java program to be run as a {@link ChildProcess}, by this JVM's own {@code java} and, unless
 * told otherwise, on its class path.
 */
public final class ChildJvm {
  private final String mainClass;
  private final List<String> jvmArguments = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private String classPath = System.getProperty("java.class.path");

  private ChildJvm(String mainClass) {
    this.mainClass = mainClass;
  }

  public static ChildJvm running(Class<?> mainClass) {
    return running(mainClass.getName());
  }

  public static ChildJvm running(String mainClass) {
    return new ChildJvm(mainClass);
  }

  /** Replaces the class path. */
  public ChildJvm classPath(List<Path> entries) {
    classPath = String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
    return this;
  }

  /** Adds arguments for the JVM, such as {@code -Xmx64m}. */
  public ChildJvm jvmArguments(String... more) {
    jvmArguments.addAll(List.of(more));
    return this;
  }

  /** Adds arguments for the program. */
  public ChildJvm arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** Sets a variable of the environment, which is this process's otherwise. */
  public ChildJvm environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * @param output gets standard output and standard error, appended; its directory is made
   */
  public ChildProcess start(Path output) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(arguments);
    try {
      Files.createDirectories(output.toAbsolutePath().getParent());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
      builder.environment().putAll(environment);
      return new ChildProcess(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException("%s could not be started".formatted(mainClass), e);
    }
  }
}
