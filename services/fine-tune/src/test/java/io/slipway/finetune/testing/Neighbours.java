package io.slipway.finetune.testing;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The services that fine-tuning talks to, each as simple as it can be, behind one real server. */
public final class Neighbours implements AutoCloseable {

  public final RegistryStandIn registry = new RegistryStandIn();
  public final DatasetStandIn datasets = new DatasetStandIn();
  public final ImportStandIn imports = new ImportStandIn();
  public final ComputeStandIn compute = new ComputeStandIn();

  private final Server server;

  public Neighbours() {
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(registry)
              .addService(datasets)
              .addService(imports)
              .addService(compute)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String target() {
    return "static://127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
