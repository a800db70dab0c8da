package io.slipway.gateway.proxy;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Messages that nobody looks into. */
final class Bytes implements Marshaller<byte[]> {

  private static final Bytes MARSHALLER = new Bytes();

  private Bytes() {}

  /** The same method, with bytes for its messages. */
  static MethodDescriptor<byte[], byte[]> method(MethodDescriptor<?, ?> method) {
    return method.toBuilder(MARSHALLER, MARSHALLER).build();
  }

  @Override
  public InputStream stream(byte[] message) {
    return new ByteArrayInputStream(message);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
