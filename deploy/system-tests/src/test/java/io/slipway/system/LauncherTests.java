package io.slipway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on a machine whose JDKs are those of a test. */
class LauncherTests {

  @TempDir private Path machine;

  @BeforeEach
  void installTheLauncher() throws Exception {
    Files.createDirectories(machine.resolve(".mvn"));
    Files.copy(Launcher.HOME.resolve("slipway"), machine.resolve("slipway"));
    Files.setPosixFilePermissions(
        machine.resolve("slipway"), PosixFilePermissions.fromString("rwxr-xr-x"));
    String search = Files.readString(Launcher.HOME.resolve(".mvn/find-jdk.sh"));
    assertThat(search).contains("in /usr/lib/jvm/*", "/Library/Java");
    Files.writeString(
        machine.resolve(".mvn/find-jdk.sh"),
        search
            .replace("in /usr/lib/jvm/*", "in " + machine.resolve("jvm") + "/*")
            .replace("/Library/Java", machine + "/Library/Java"));
  }

  @Test
  void saysWhichJdkIsNeededAndHowToGetItWhenThereIsOnlyAnother() throws Exception {
    Path other = jdk("jvm/other", "17.0.9");

    Launcher.Outcome outcome = launch(other);

    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.output())
        .contains("needs a JDK 25", other.toString(), "temurin-25-jdk", "JAVA_HOME")
        .hasLineCount(2);
  }

  @Test
  void doesNotTakeARuntimeWithoutACompilerForAJdk() throws Exception {
    Path runtime = jdk("jvm/runtime", "25.0.1");
    Files.delete(runtime.resolve("bin/javac"));

    assertThat(launch(runtime).exitCode()).isEqualTo(3);
  }

  private Path jdk(String name, String version) throws Exception {
    Path jdk = Files.createDirectories(machine.resolve(name));
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    Files.createFile(
        jdk.resolve("bin/javac"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    return jdk;
  }

  private Launcher.Outcome launch(Path javaHome) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(machine.resolve("slipway").toString(), "status")
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().put("HOME", machine.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Launcher.Outcome(process.exitValue(), output);
  }
}
