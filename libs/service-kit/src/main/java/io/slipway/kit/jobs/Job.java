package io.slipway.kit.jobs;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.time.Instant;

/**
 * A job as it was read.
 *
 * @param spec what was asked: the service's own message, serialised
 * @param detail progress and result: the service's own message, serialised; empty at first
 * @param attempt how often a process has taken it
 * @param version grows with every change
 */
public record Job(
    String id,
    String tenant,
    String collection,
    ByteString spec,
    ByteString detail,
    JobState state,
    int attempt,
    String traceparent,
    Instant createTime,
    Instant updateTime,
    long version) {

  /** Resource name: {@code collection/id}. */
  public String name() {
    return collection + "/" + id;
  }

  public <T> T spec(Parser<T> parser) {
    return parse(parser, spec);
  }

  public <T> T detail(Parser<T> parser) {
    return parse(parser, detail);
  }

  private <T> T parse(Parser<T> parser, ByteString bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(name() + " holds a message that cannot be read.", e);
    }
  }
}
