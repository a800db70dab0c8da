package io.slipway.imports.testing;

import io.slipway.hub.HubException.GatedRepository;
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
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A hub over a directory, in the ways in which hubs fail. Repositories are named owner/name. */
public final class TestHub implements AutoCloseable {

  /** A file that was asked for, and from which byte on. */
  public record Request(String repository, String path, long offset) {}

  public final Set<String> gated = ConcurrentHashMap.newKeySet();

  /** Repositories whose weights are announced with a checksum that they do not have. */
  public final Set<String> wrongChecksum = ConcurrentHashMap.newKeySet();

  private final Gate gate = new Gate();
  private volatile boolean down;

  public final List<Request> requests = new CopyOnWriteArrayList<>();
  public final AtomicLong weightBytesServed = new AtomicLong();

  private final HubRepositories files;
  private final HubServer server;

  public TestHub(Path root) {
    this.files = new DirectoryHubRepositories(root);
    try {
      this.server =
          HubServer.start(new HubRoutes(new Failing(), HubIdentity.NOBODY), "127.0.0.1", 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** Paths that were asked for of a repository. */
  public List<Request> requestsOf(String repository) {
    return requests.stream().filter(request -> request.repository().equals(repository)).toList();
  }

  /** No connection gives more bytes of weights than this, until the hub goes on. */
  public void holdWeightsAt(long bytes) {
    gate.closeAt(bytes);
  }

  /** Nothing is answered any more, and the connections that are held break. */
  public void goDown() {
    down = true;
    gate.open();
  }

  /** Answers, as fast as it can. */
  public void goOn() {
    down = false;
    gate.open();
  }

  @Override
  public void close() {
    goDown();
    server.close();
  }

  private final class Failing implements HubRepositories {
    @Override
    public ModelPage list(ModelQuery query, Optional<String> cursor) {
      return files.list(query, cursor);
    }

    @Override
    public ModelInfo find(RepositoryId id, Revision revision) {
      if (down) {
        throw new IllegalStateException("This hub is down, as a test has asked for.");
      }
      ModelInfo model = files.find(id, revision);
      if (gated.contains(id.value())) {
        throw new GatedRepository(id, "Accept the conditions first");
      }
      return wrongChecksum.contains(id.value()) ? withWrongChecksums(model) : model;
    }

    @Override
    public InputStream open(ModelInfo model, RepositoryFile file, long offset) throws IOException {
      requests.add(new Request(model.id().value(), file.path(), offset));
      InputStream content = files.open(model, file, offset);
      return file.isLarge() ? new Weights(content) : content;
    }
  }

  private static RepositoryFile withWrongChecksum(RepositoryFile file) {
    return file.isLarge()
        ? new RepositoryFile(file.path(), file.sizeBytes(), file.gitOid(), "0".repeat(64))
        : file;
  }

  private static ModelInfo withWrongChecksums(ModelInfo model) {
    return new ModelInfo(
        model.id(),
        model.sha(),
        model.createdAt(),
        model.lastModified(),
        model.isPrivate(),
        model.gating(),
        model.downloads(),
        model.likes(),
        model.card(),
        model.config(),
        model.safetensors(),
        model.files().stream().map(TestHub::withWrongChecksum).toList(),
        model.unsafeNames());
  }

  /** Counts what it gives, and stops where the hub holds it. */
  private final class Weights extends FilterInputStream {
    private static final int PIECE = 8 * 1024;
    private long given;

    Weights(InputStream content) {
      super(content);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      gate.await(given);
      if (down) {
        throw new IOException("This connection breaks, as a test has asked for.");
      }
      int count = super.read(buffer, offset, Math.min(length, PIECE));
      if (count > 0) {
        given += count;
        weightBytesServed.addAndGet(count);
      }
      return count;
    }
  }

  /** Holds those who have come as far as it is closed at. */
  private static final class Gate {
    private static final long OPEN = Long.MAX_VALUE;
    private long closedAt = OPEN;

    synchronized void closeAt(long position) {
      closedAt = position;
      notifyAll();
    }

    void open() {
      closeAt(OPEN);
    }

    synchronized void await(long position) throws InterruptedIOException {
      try {
        while (position >= closedAt) {
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("The hub is closed.");
      }
    }
  }
}
