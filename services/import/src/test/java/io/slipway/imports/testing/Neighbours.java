package io.slipway.imports.testing;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.slipway.artifacts.FileSystemArtifactStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** A hub, compute and a worker, and the directories that all of them share. */
public final class Neighbours implements AutoCloseable {

  public final Path artifacts;
  public final Path repositories;
  public final TestHub hub;
  public final Compute compute = new Compute();
  public final Worker worker;
  private final Server server;

  public Neighbours(Path directory) {
    try {
      this.artifacts = Files.createDirectories(directory.resolve("artifacts"));
      this.repositories = Files.createDirectories(directory.resolve("hub"));
      this.hub = new TestHub(repositories);
      this.worker = new Worker(compute, () -> new FileSystemArtifactStore(artifacts));
      this.server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .addService(compute)
              .addService(worker)
              .build()
              .start();
      compute.workerAddress = "localhost:" + server.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String target() {
    return "static://localhost:" + server.getPort();
  }

  /** A new repository, {@code owner/name}, with a checkpoint of so many weights. */
  public TinyCheckpoint repository(String id, int weights, String... labels) {
    return TinyCheckpoint.write(
        repositories.resolve(id),
        weights,
        labels.length == 0 ? new String[] {"praise", "complaint"} : labels);
  }

  public void reset() {
    compute.mode = Compute.Mode.READY;
    worker.mode = Worker.Mode.RIGHT;
    hub.goOn();
  }

  @Override
  public void close() {
    hub.close();
    server.shutdownNow();
  }
}
