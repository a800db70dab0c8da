package io.slipway.trainer.testing;

import io.slipway.finetune.testing.RunningFineTune;
import io.slipway.process.ChildJvm;
import io.slipway.process.ChildProcess;
import io.slipway.trainer.TrainerApplication;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Starts trainers as they are started in production: with their own class path alone. */
public final class TrainerJvm {

  private TrainerJvm() {}

  /**
   * @param store the artifact store's directory
   * @param work for logs, checkouts and scratch
   * @param control target of the deployment service
   * @param training target of the fine-tune service
   */
  public static ChildProcess start(
      Path store, Path work, String name, String control, String training, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--slipway.identity.platform-secret=" + RunningFineTune.SECRET,
                "--slipway.services.deployment=" + control,
                "--slipway.services.fine-tune=" + training,
                "--slipway.artifacts.root=" + store,
                "--slipway.artifacts.checkouts=" + work.resolve("checkouts"),
                "--slipway.trainer.scratch=" + work.resolve("scratch"),
                "--slipway.trainer.threads=1",
                "--slipway.trainer.progress-interval=20ms",
                "--slipway.trainer.checkpoint-interval=150ms",
                "--slipway.trainer.grace=2s",
                "--slipway.worker.exit-with-parent=true"));
    arguments.addAll(List.of(more));
    return ChildJvm.running(TrainerApplication.class)
        .classPath(classPath())
        .jvmArguments(
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=2g",
            "-Dspring.main.web-application-type=none")
        .arguments(arguments.toArray(String[]::new))
        .start(work.resolve(name + ".log"));
  }

  private static List<Path> classPath() {
    try {
      String libraries = Files.readString(Path.of("target", "runtime.classpath"));
      return Stream.concat(
              Stream.of(Path.of("target", "classes").toAbsolutePath()),
              Stream.of(libraries.strip().split(File.pathSeparator)).map(Path::of))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
