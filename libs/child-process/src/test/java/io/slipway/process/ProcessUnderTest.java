package io.slipway.process;

import java.nio.file.Files;
import java.nio.file.Path;

/** A program that greets, waits as a child, or waits as the parent of such a child. */
final class ProcessUnderTest {
  private ProcessUnderTest() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "greet" -> System.out.println(System.getenv("GREETING") + " " + args[1]);
      case "child" -> awaitEnd();
      case "parent" -> {
        Path pidFile = Path.of(args[1]);
        ChildProcess child =
            ChildJvm.running(ProcessUnderTest.class)
                .arguments("child")
                .start(pidFile.resolveSibling("grandchild.log"));
        Files.writeString(pidFile, Long.toString(child.pid()));
        Thread.currentThread().join();
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void awaitEnd() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
    ParentWatch.exitWhenParentIsGone();
    System.out.println("waiting");
    Thread.currentThread().join();
  }
}
