package io.slipway.evaluation.neighbours;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;

/** Registry, datasets, compute and one worker, behind one port. */
public final class Neighbours implements AutoCloseable {

  public final Registry registry = new Registry();
  public final Datasets datasets = new Datasets();
  public final Worker worker = new Worker();
  public final Compute compute = new Compute();
  private final Server server;

  public Neighbours() {
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .addService(registry)
              .addService(datasets)
              .addService(worker)
              .addService(compute)
              .build()
              .start();
      compute.workerAddress = "localhost:" + server.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String target() {
    return "static://localhost:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
