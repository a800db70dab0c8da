package io.slipway.registry.dataset;

import com.google.protobuf.ByteString;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.springframework.util.unit.DataSize;

/** The bytes of an upload so far, in a file that is gone after {@link #close}. */
final class UploadedFile implements AutoCloseable {

  private final Path path;
  private final DataSize limit;
  private final Runnable onClose;
  private final OutputStream out;
  private long size;
  private boolean closed;

  UploadedFile(Path path, DataSize limit, Runnable onClose) throws IOException {
    this.path = path;
    this.limit = limit;
    this.onClose = onClose;
    this.out = Files.newOutputStream(path);
  }

  Path path() {
    return path;
  }

  /**
   * @throws SlipwayException TOO_LARGE as soon as the limit is passed, or NO_SPACE
   */
  void append(ByteString chunk) {
    size += chunk.size();
    if (size > limit.toBytes()) {
      throw new SlipwayException(
          ErrorCode.TOO_LARGE,
          "The dataset is larger than %d bytes, which is the limit (slipway.datasets.max-size)."
              .formatted(limit.toBytes()));
    }
    try {
      chunk.writeTo(out);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** After the last byte. */
  void finish() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  static SlipwayException failed(IOException cause) {
    boolean full = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("no space");
    return full
        ? new SlipwayException(ErrorCode.NO_SPACE, "The disk for datasets is full.", cause)
        : new SlipwayException(
            ErrorCode.INTERNAL, "The upload could not be kept: " + cause.getMessage(), cause);
  }

  /** May be repeated. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      onClose.run();
    }
  }
}
