package io.slipway.hub;

import io.slipway.hub.HubException.ProtocolViolation;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A hub, seen from outside. Every method may throw {@link HubException} and waits, so call it on a
 * virtual thread; interrupting the thread cancels the call. Safe for use by many threads.
 */
public final class HubClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HubClient.class);
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,<]*\\brel=\"?next\"?");

  private final Endpoint endpoint;
  private final HubTransport transport;
  private final RateGate api;
  private final RateGate resolvers;

  public HubClient(HubClientSettings settings) {
    this(settings, Clock.systemUTC(), Thread::sleep);
  }

  HubClient(HubClientSettings settings, Clock clock, Pause pause) {
    this.endpoint = new Endpoint(settings.endpoint());
    this.transport = new HubTransport(endpoint, settings, pause);
    this.api = transport.newGate(clock);
    this.resolvers = transport.newGate(clock);
  }

  /** The first page of a listing. Entries whose id is none are left out. */
  public ModelPage listModels(ModelQuery query) throws InterruptedException {
    return page(endpoint.models(query.toParameters()));
  }

  /** The page that begins at a cursor from an earlier page of this hub. */
  public ModelPage nextPage(String cursor) throws InterruptedException {
    return page(endpoint.page(cursor));
  }

  /** A listing page by page. */
  public ModelPages pages(ModelQuery query) {
    return new ModelPages(this, query, Optional.empty());
  }

  /** The rest of a listing, from a stored cursor on. */
  public ModelPages pagesFrom(String cursor) {
    return new ModelPages(this, ModelQuery.ALL, Optional.of(cursor));
  }

  /**
   * A model with its commit and its files, with sizes and hashes.
   *
   * @throws HubException RepositoryNotFound, GatedRepository, RevisionNotFound, InvalidCredentials;
   *     ProtocolViolation also when a file name is unsafe
   */
  public ModelInfo modelInfo(RepositoryId id, Revision revision) throws InterruptedException {
    Answer answer = json(endpoint.model(id, revision), new Wanted(id, revision, null));
    ModelInfo model = readModel(answer.body());
    if (!model.unsafeNames().isEmpty()) {
      throw new ProtocolViolation(
          "Repository '%s' has a file with the unsafe name '%s'"
              .formatted(id, Text.printable(model.unsafeNames().getFirst())));
    }
    return model;
  }

  /**
   * All files at a revision, with sizes and hashes.
   *
   * @throws HubException as {@link #modelInfo}
   */
  public List<RepositoryFile> tree(RepositoryId id, Revision revision) throws InterruptedException {
    List<RepositoryFile> files = new ArrayList<>();
    Set<URI> seen = new HashSet<>();
    Optional<URI> page = Optional.of(endpoint.tree(id, revision));
    while (page.isPresent()) {
      if (!seen.add(page.get())) {
        throw new ProtocolViolation("The pages of '" + id + "' go in a circle at " + page.get());
      }
      Answer answer = json(page.get(), new Wanted(id, revision, null));
      for (JsonNode entry : answer.body()) {
        if (entry.path("type").asString("").equals("file")) {
          files.add(readFile(id, entry));
        }
      }
      page = answer.next().map(endpoint::page);
    }
    return files;
  }

  /**
   * Brings a file into {@code target}, from where the target stands, and checks size and checksum.
   * Connections that break are resumed.
   *
   * @param maxBytes longest file that is allowed
   * @throws HubException EntryNotFound, FileTooLarge, CorruptDownload (the target is empty then),
   *     HubUnreachable (the target keeps what arrived), or as {@link #modelInfo}
   * @throws IOException when the target fails
   */
  public Downloaded download(
      HubFile source, DownloadTarget target, DownloadProgress progress, long maxBytes)
      throws IOException, InterruptedException {
    return new Download(transport, resolvers, endpoint, source, target, progress, maxBytes).run();
  }

  /**
   * A small file, such as a configuration or a model card.
   *
   * @throws HubException as {@link #download}
   */
  public byte[] read(HubFile source, int maxBytes) throws InterruptedException {
    var memory = new MemoryDownloadTarget();
    try {
      download(source, memory, DownloadProgress.IGNORED, maxBytes);
    } catch (IOException e) {
      throw new ProtocolViolation("'" + source.file().path() + "' cannot be read", e);
    }
    return memory.toByteArray();
  }

  private ModelPage page(URI address) throws InterruptedException {
    Answer answer = json(address, Wanted.LISTING);
    if (!answer.body().isArray()) {
      throw new ProtocolViolation(address + " answered with no JSON array");
    }
    List<ModelInfo> models = new ArrayList<>();
    for (JsonNode entry : answer.body()) {
      try {
        models.add(ModelJson.read(entry));
      } catch (IllegalArgumentException e) {
        LOG.warn("Left an entry out of the hub's listing: {}", e.getMessage());
      }
    }
    return new ModelPage(models, answer.next().map(this::cursor).orElse(null));
  }

  /** Without the host, so that it stays good when the endpoint moves. */
  private String cursor(String link) {
    URI next = endpoint.page(link);
    return next.getRawPath() + (next.getRawQuery() == null ? "" : "?" + next.getRawQuery());
  }

  private static ModelInfo readModel(JsonNode json) {
    try {
      return ModelJson.read(json);
    } catch (IllegalArgumentException e) {
      throw new ProtocolViolation("The hub describes a model wrongly: " + e.getMessage(), e);
    }
  }

  private static RepositoryFile readFile(RepositoryId id, JsonNode json) {
    try {
      return ModelJson.readTreeEntry(json);
    } catch (IllegalArgumentException e) {
      throw new ProtocolViolation(
          "The hub describes a file of '" + id + "' wrongly: " + e.getMessage(), e);
    }
  }

  private record Answer(JsonNode body, Optional<String> next) {}

  private Answer json(URI address, Wanted wanted) throws InterruptedException {
    Backoff backoff = transport.newBackoff();
    while (true) {
      try (Reply reply = transport.get(address, Map.of(), wanted, api, backoff);
          var guard = new IdleGuard(reply.body(), transport.idleTimeout())) {
        byte[] body = reply.body().readNBytes(transport.maxJsonBytes() + 1);
        guard.arrived();
        if (body.length > transport.maxJsonBytes()) {
          throw new ProtocolViolation(
              address + " answered with more than " + transport.maxJsonBytes() + " bytes");
        }
        return new Answer(ModelJson.MAPPER.readTree(body), nextLink(reply));
      } catch (JacksonException e) {
        throw new ProtocolViolation(address + " answered with something that is not JSON", e);
      } catch (IOException e) {
        HubTransport.failIfInterrupted(e);
        backoff.failed(
            new HubException.HubUnreachable(address + " broke off in its answer", e),
            Duration.ZERO);
      }
    }
  }

  private static Optional<String> nextLink(Reply reply) {
    return reply.response().headers().allValues("Link").stream()
        .map(NEXT::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }

  @Override
  public void close() {
    transport.close();
  }
}
