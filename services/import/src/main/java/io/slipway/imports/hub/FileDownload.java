package io.slipway.imports.hub;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.artifacts.Digest;
import io.slipway.artifacts.PartialBlob;
import io.slipway.artifacts.StoredFile;
import io.slipway.hub.HubClient;
import io.slipway.hub.HubException;
import io.slipway.hub.HubFile;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.function.LongConsumer;
import org.springframework.stereotype.Component;

/**
 * Brings one file into the store. A large file has its SHA-256 announced and is resumed where an
 * earlier attempt has left it; a small one is checked against its git hash and fetched in one go.
 */
@Component
class FileDownload {

  /** Hubs keep larger files outside of git, and then announce their SHA-256. */
  private static final int LARGEST_SMALL_FILE = 16 << 20;

  private final HubClient hub;
  private final ArtifactStore store;

  FileDownload(HubClient hub, ArtifactStore store) {
    this.hub = hub;
    this.store = store;
  }

  /**
   * @param progress hears how many bytes of the file are here
   * @throws SlipwayException as {@link HubFetch#fetch}
   */
  StoredFile download(HubFile source, LongConsumer progress) throws InterruptedException {
    try {
      String sha256 = source.file().sha256();
      return sha256 == null
          ? downloadSmall(source, progress)
          : downloadLarge(source, Digest.of(sha256), progress);
    } catch (HubException e) {
      throw ImportRefusal.of(e);
    } catch (ArtifactStoreException e) {
      throw ImportRefusal.of(e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.INTERNAL, source.file().path() + " cannot be stored: " + e.getMessage(), e);
    }
  }

  private StoredFile downloadSmall(HubFile source, LongConsumer progress)
      throws InterruptedException {
    byte[] content = hub.read(source, LARGEST_SMALL_FILE);
    progress.accept(content.length);
    return store.write(new ByteArrayInputStream(content), content.length).at(source.file().path());
  }

  private StoredFile downloadLarge(HubFile source, Digest digest, LongConsumer progress)
      throws IOException, InterruptedException {
    long size = source.file().sizeBytes();
    if (store.contains(digest)) {
      progress.accept(size);
      return new StoredFile(source.file().path(), digest, store.size(digest));
    }
    try (PartialBlob partial = store.partial(digest)) {
      progress.accept(partial.length());
      var _ =
          hub.download(
              source,
              new PartialBlobTarget(partial),
              (bytes, total) -> progress.accept(bytes),
              size);
      return partial.complete().at(source.file().path());
    }
  }
}
