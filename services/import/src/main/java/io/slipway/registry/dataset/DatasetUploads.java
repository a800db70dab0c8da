package io.slipway.registry.dataset;

import io.grpc.stub.ServerCallStreamObserver;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.dataset.v1.Dataset;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Begins uploads, as many at a time as are allowed, in a directory beside the store. */
@Component
class DatasetUploads {

  private static final Logger log = LoggerFactory.getLogger(DatasetUploads.class);

  /** No upload takes that long; a file so old belongs to a process that was killed. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path directory;
  private final ArtifactStore store;
  private final Datasets datasets;
  private final DatasetProperties properties;
  private final Semaphore room;

  DatasetUploads(
      @Value("${slipway.artifacts.root}") Path root,
      ArtifactStore store,
      Datasets datasets,
      DatasetProperties properties,
      Clock clock) {
    // On the store's file system, so that a whole file becomes a blob without a copy.
    this.directory = root.resolve("uploads");
    this.store = store;
    this.datasets = datasets;
    this.properties = properties;
    this.room = new Semaphore(properties.concurrentUploads());
    removeAbandoned(clock.instant().minus(ABANDONED));
  }

  /**
   * @throws SlipwayException QUEUE_FULL
   */
  DatasetUpload begin(Caller caller, ServerCallStreamObserver<Dataset> responses) {
    if (!room.tryAcquire()) {
      throw new SlipwayException(
          ErrorCode.QUEUE_FULL,
          "%d datasets are being uploaded, which is the limit (slipway.datasets.concurrent-uploads). Try again in a moment."
              .formatted(properties.concurrentUploads()));
    }
    try {
      Path file = Files.createTempFile(directory, "upload-", ".part");
      return new DatasetUpload(
          new UploadedFile(file, properties.maxSize(), room::release),
          store,
          datasets,
          caller,
          responses);
    } catch (IOException e) {
      room.release();
      throw UploadedFile.failed(e);
    }
  }

  private void removeAbandoned(Instant before) {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          removeIfOlder(file, before);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use " + directory + " for uploads.", e);
    }
  }

  private static void removeIfOlder(Path file, Instant before) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
        Files.deleteIfExists(file);
        log.info("Removed {}, which a killed process had left", file);
      }
    } catch (NoSuchFileException e) {
      log.debug("{} went away by itself", file);
    }
  }
}
