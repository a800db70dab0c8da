package io.slipway.catalog;

import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelPage;
import io.slipway.hub.ModelQuery;
import io.slipway.hub.RepositoryFile;
import io.slipway.hub.RepositoryId;
import io.slipway.hub.Revision;
import io.slipway.hub.server.DirectoryHubRepositories;
import io.slipway.hub.server.HubIdentity;
import io.slipway.hub.server.HubRepositories;
import io.slipway.hub.server.HubRoutes;
import io.slipway.hub.server.HubServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A hub over a directory, which can be made to fail or to wait. */
public final class TestHub implements AutoCloseable, HubRepositories {

  public final List<String> cursors = new CopyOnWriteArrayList<>();

  /** So many pages are given out before the hub fails; negative for no end. */
  public final AtomicInteger pagesLeft = new AtomicInteger(-1);

  public final AtomicInteger waiting = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private final Path directory;
  private final DirectoryHubRepositories repositories;
  private final HubServer server;

  public TestHub(Path directory) {
    this.directory = directory;
    this.repositories = new DirectoryHubRepositories(directory);
    try {
      this.server = HubServer.start(new HubRoutes(this, HubIdentity.NOBODY), "localhost", 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** Adds or replaces a model that was modified at a time. */
  public void put(String id, String config, String card, Instant modified, String... files) {
    try {
      Path repository = Files.createDirectories(directory.resolve(id));
      Files.writeString(repository.resolve("config.json"), config);
      Files.writeString(repository.resolve("README.md"), card);
      for (String file : files) {
        Files.writeString(repository.resolve(file), "{}");
      }
      try (var all = Files.list(repository)) {
        for (Path file : all.toList()) {
          Files.setLastModifiedTime(file, FileTime.from(modified));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void hold() {
    gate = new CountDownLatch(1);
  }

  public void letGo() {
    gate.countDown();
  }

  @Override
  public ModelPage list(ModelQuery query, Optional<String> cursor) {
    waiting.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
    if (pagesLeft.get() == 0) {
      throw new IllegalStateException("The hub was told to fail.");
    }
    pagesLeft.updateAndGet(left -> left > 0 ? left - 1 : left);
    cursors.add(cursor.orElse(""));
    return repositories.list(query, cursor);
  }

  @Override
  public ModelInfo find(RepositoryId id, Revision revision) {
    return repositories.find(id, revision);
  }

  @Override
  public InputStream open(ModelInfo model, RepositoryFile file, long offset) throws IOException {
    return repositories.open(model, file, offset);
  }

  @Override
  public void close() {
    server.close();
  }
}
