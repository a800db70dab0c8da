package io.slipway.gateway.testing;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.slipway.kit.identity.CallerServerInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executors;

/** The services behind the gateway, as small real gRPC servers that only the platform may call. */
public final class Platform implements AutoCloseable {

  public static final String SECRET = "the-platforms-own-secret";

  public final CatalogBackend catalog = new CatalogBackend();
  public final ImportBackend imports = new ImportBackend();
  public final DatasetBackend datasets = new DatasetBackend();
  public final InternalBackends internal = new InternalBackends();
  private final Server server;

  public Platform() {
    var guard = new CallerServerInterceptor(new PlatformCredentials(SECRET));
    var builder =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .executor(Executors.newVirtualThreadPerTaskExecutor());
    List.of(catalog, imports, datasets, internal.registry(), internal.compute())
        .forEach(service -> builder.addService(ServerInterceptors.intercept(service, guard)));
    try {
      server = builder.build().start();
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
