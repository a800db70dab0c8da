package io.slipway.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A download into a file, which is created when it does not exist. */
public final class FileDownloadTarget implements DownloadTarget, AutoCloseable {

  private final Path file;
  private OutputStream output;

  public FileDownloadTarget(Path file) throws IOException {
    this.file = file;
    this.output = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public long length() throws IOException {
    return Files.size(file);
  }

  @Override
  public InputStream read() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public void append(byte[] bytes, int offset, int count) throws IOException {
    output.write(bytes, offset, count);
  }

  @Override
  public void restart() throws IOException {
    output.close();
    output = Files.newOutputStream(file);
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
