package io.slipway.hub;

import io.slipway.hub.HubException.CorruptDownload;
import io.slipway.hub.HubException.FileTooLarge;
import io.slipway.hub.HubException.HubUnreachable;
import io.slipway.hub.HubException.ProtocolViolation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One file on its way into its target, over as many connections as it takes. */
final class Download {

  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18})");

  private final HubTransport transport;
  private final RateGate gate;
  private final URI address;
  private final Revision revision;
  private final Wanted wanted;
  private final RepositoryFile file;
  private final DownloadTarget target;
  private final DownloadProgress progress;
  private final long maxBytes;
  private final Backoff backoff;

  private long total;
  private @Nullable Checksum checksum;
  private @Nullable MessageDigest hash;

  Download(
      HubTransport transport,
      RateGate gate,
      Endpoint endpoint,
      HubFile source,
      DownloadTarget target,
      DownloadProgress progress,
      long maxBytes) {
    this.transport = transport;
    this.gate = gate;
    this.file = source.file();
    this.revision = source.revision();
    this.address = endpoint.file(source.id(), source.revision(), file.path());
    this.wanted = new Wanted(source.id(), source.revision(), file.path());
    this.target = target;
    this.progress = progress;
    this.maxBytes = maxBytes;
    this.backoff = transport.newBackoff();
    this.total = file.sizeBytes();
    this.checksum = Checksum.of(file).orElse(null);
  }

  /** Bytes from an earlier attempt may be the wrong ones, so they get a second chance. */
  Downloaded run() throws IOException, InterruptedException {
    requireAllowed(total);
    boolean resumed = target.length() > 0;
    try {
      return fetchAndVerify();
    } catch (CorruptDownload e) {
      restart();
      if (!resumed) {
        throw e;
      }
      return fetchAndVerify();
    }
  }

  private Downloaded fetchAndVerify() throws IOException, InterruptedException {
    while (checksum == null || total < 0 || target.length() < total) {
      fetch();
      if (checksum != null && target.length() == total) {
        break;
      }
    }
    if (target.length() > total) {
      throw new CorruptDownload(
          "'%s' has %d bytes, expected %d".formatted(file.path(), target.length(), total));
    }
    String actual = Checksum.finish(hash());
    if (!actual.equals(checksum.hex())) {
      throw new CorruptDownload(
          "'%s' has checksum %s, expected %s".formatted(file.path(), actual, checksum.hex()));
    }
    return new Downloaded(file.path(), total, actual);
  }

  /** Takes what one connection brings. */
  private void fetch() throws IOException, InterruptedException {
    long start = target.length();
    Map<String, String> headers = start > 0 ? Map.of("Range", "bytes=" + start + "-") : Map.of();
    try (Reply reply = transport.get(address, headers, wanted, gate, backoff)) {
      if (reply.status() == RANGE_NOT_SATISFIABLE) {
        throw new CorruptDownload(
            "'%s' is shorter than the %d bytes that are already here"
                .formatted(file.path(), start));
      }
      requireSameCommit(reply);
      learn(reply, start);
      if (start > 0 && reply.status() != PARTIAL_CONTENT) {
        restart();
      }
      copy(reply.body());
    }
  }

  private void copy(InputStream body) throws IOException, InterruptedException {
    MessageDigest running = hash();
    byte[] buffer = new byte[128 * 1024];
    long bytes = target.length();
    try (var guard = new IdleGuard(body, transport.idleTimeout())) {
      for (int read = read(body, buffer); read >= 0; read = read(body, buffer)) {
        guard.arrived();
        bytes += read;
        if (bytes > total) {
          throw new CorruptDownload(
              "'%s' has more than the expected %d bytes".formatted(file.path(), total));
        }
        target.append(buffer, 0, read);
        running.update(buffer, 0, read);
        backoff.progressed();
        progress.advanced(bytes, total);
      }
    } catch (BrokenBody e) {
      HubTransport.failIfInterrupted(e.getCause());
      backoff.failed(broken(bytes, e), Duration.ZERO);
      return;
    }
    if (bytes < total) {
      backoff.failed(broken(bytes, null), Duration.ZERO);
    }
  }

  private HubUnreachable broken(long bytes, @Nullable Exception cause) {
    return new HubUnreachable(
        "The connection broke after %d of %d bytes of '%s'".formatted(bytes, total, file.path()),
        cause);
  }

  /** Tells a connection that breaks from a target that fails. */
  private static int read(InputStream body, byte[] buffer) throws BrokenBody, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("The download was interrupted");
    }
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new BrokenBody(e);
    }
  }

  private static final class BrokenBody extends Exception {
    private static final long serialVersionUID = 1L;
    private final IOException broken;

    BrokenBody(IOException cause) {
      super(cause);
      this.broken = cause;
    }

    @Override
    public synchronized IOException getCause() {
      return broken;
    }
  }

  private void requireSameCommit(Reply reply) {
    String commit = reply.commit().orElse(revision.value());
    if (revision.isCommit() && !commit.equals(revision.value())) {
      throw new ProtocolViolation(
          "'%s' came from commit '%s', expected '%s'"
              .formatted(file.path(), Text.printable(commit), revision));
    }
  }

  /** Takes size and checksum from the answer where the file's description lacks them. */
  private void learn(Reply reply, long start) {
    if (reply
        .header("Content-Encoding")
        .filter(encoding -> !encoding.equals("identity"))
        .isPresent()) {
      throw new ProtocolViolation("'" + file.path() + "' came compressed, expected it as it is");
    }
    long announced = announcedTotal(reply, start);
    if (total >= 0 && announced >= 0 && announced != total) {
      throw new CorruptDownload(
          "The hub announces %d bytes of '%s', expected %d"
              .formatted(announced, file.path(), total));
    }
    if (total < 0) {
      total = announced;
    }
    if (total < 0) {
      throw new ProtocolViolation("The hub does not say how long '" + file.path() + "' is");
    }
    requireAllowed(total);
    if (checksum == null) {
      checksum =
          reply
              .etag()
              .flatMap(Checksum::ofEtag)
              .orElseThrow(
                  () ->
                      new ProtocolViolation("The hub gives no checksum of '" + file.path() + "'"));
    }
  }

  private long announcedTotal(Reply reply, long start) {
    if (reply.status() != PARTIAL_CONTENT) {
      return reply.contentLength().orElse(RepositoryFile.UNKNOWN_SIZE);
    }
    String header = reply.header("Content-Range").orElse("");
    Matcher range = CONTENT_RANGE.matcher(header);
    if (!range.matches() || Long.parseLong(range.group(1)) != start) {
      throw new ProtocolViolation(
          "The hub sent range '%s' of '%s', expected it to begin at %d"
              .formatted(Text.printable(header), file.path(), start));
    }
    return Long.parseLong(range.group(2));
  }

  private void requireAllowed(long size) {
    if (size > maxBytes) {
      throw new FileTooLarge(file.path(), size, maxBytes);
    }
  }

  private void restart() throws IOException {
    target.restart();
    hash = null;
  }

  /** The hash of all that the target holds. */
  private MessageDigest hash() throws IOException {
    if (hash == null) {
      if (checksum == null) {
        throw new IllegalStateException("The checksum of '" + file.path() + "' is not known yet");
      }
      hash = checksum.begin(total);
      try (InputStream arrived = target.read()) {
        Checksum.addAll(hash, arrived);
      }
    }
    return hash;
  }
}
