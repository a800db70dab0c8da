package io.slipway.gateway.testing;

import io.slipway.deployment.v1.Replica;
import io.slipway.process.ChildJvm;
import io.slipway.process.ChildProcess;
import io.slipway.process.ParentWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A {@link Worker} in a process of its own, which can be killed. */
public final class WorkerProcess implements AutoCloseable {

  private final ChildProcess process;
  private final Replica replica;

  /**
   * @param directory for its address and its output
   */
  public WorkerProcess(Path directory) throws IOException {
    Path address = directory.resolve("address");
    process =
        ChildJvm.running(WorkerProcess.class)
            .jvmArguments("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
            .arguments(address.toString())
            .start(directory.resolve("worker.log"));
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(address));
    replica =
        Replica.newBuilder().setWorkerId("child").setAddress(Files.readString(address)).build();
  }

  public Replica replica() {
    return replica;
  }

  public void kill9() {
    process.kill9();
  }

  @Override
  public void close() {
    process.close();
  }

  /** Writes its address to a file, whole or not at all, and works until its parent is gone. */
  public static void main(String[] arguments) throws Exception {
    ParentWatch.exitWhenParentIsGone();
    Path address = Path.of(arguments[0]);
    try (Worker worker = new Worker("child")) {
      Path draft = address.resolveSibling("address.draft");
      Files.writeString(draft, worker.replica().getAddress());
      Files.move(draft, address);
      Thread.currentThread().join();
    }
  }
}
