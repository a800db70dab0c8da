package io.slipway.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTests {
  @TempDir Path directory;

  @Test
  void endsWhenItsParentIsKilled() throws Exception {
    Path childPid = directory.resolve("child.pid");
    try (var parent = run("parent", childPid.toString())) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(childPid) && Files.size(childPid) > 0);
      ProcessHandle child =
          ProcessHandle.of(Long.parseLong(Files.readString(childPid))).orElseThrow();
      assertThat(child.isAlive()).isTrue();

      parent.kill9();

      await().atMost(Duration.ofSeconds(20)).until(() -> !child.isAlive());
    }
  }

  @Test
  void runsItsShutdownHooksWhenThePipeCloses() throws Exception {
    try (var child = run("child")) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(child.output()).contains("waiting"));

      child.askToEnd();

      assertThat(child.awaitExit(Duration.ofSeconds(20))).isZero();
      assertThat(Files.readString(child.output())).contains("bye");
    }
  }

  @Test
  void freezesAndGoesOn() throws Exception {
    try (var child = run("child")) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(child.output()).contains("waiting"));

      child.stop();
      await().until(() -> state(child) == 'T');
      child.askToEnd();
      assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(300)))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining(child.output().toString());

      child.cont();
      assertThat(child.awaitExit(Duration.ofSeconds(20))).isZero();
    }
  }

  @Test
  void reportsTheSignalThatEndedIt() throws Exception {
    try (var child = run("child")) {
      child.kill9();
      assertThat(child.isAlive()).isFalse();
      assertThat(child.awaitExit(Duration.ofSeconds(1))).isEqualTo(128 + 9);
    }
  }

  @Test
  void getsItsEnvironmentAndArguments() throws Exception {
    try (var child =
        ChildJvm.running(ProcessUnderTest.class)
            .environment("GREETING", "hello")
            .arguments("greet", "you & you")
            .start(directory.resolve("greet.log"))) {
      assertThat(child.awaitExit(Duration.ofSeconds(30))).isZero();
      assertThat(child.output()).hasContent("hello you & you");
    }
  }

  private ChildProcess run(String... arguments) {
    return ChildJvm.running(ProcessUnderTest.class)
        .jvmArguments("-Xmx32m")
        .arguments(arguments)
        .start(directory.resolve(arguments[0] + ".log"));
  }

  /** The letter of the process's state: the third field of {@code /proc/PID/stat} (proc(5)). */
  private static char state(ChildProcess child) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }
}
