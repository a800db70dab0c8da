package io.slipway.kit.jobs;

import com.google.protobuf.ByteString;

/**
 * A job to be queued.
 *
 * @param spec what is asked, the service's own message
 * @param detail what is known at once, the service's own message; may be empty
 * @param traceparent W3C trace context of the command; may be empty
 */
public record NewJob(
    String id,
    String tenant,
    String collection,
    ByteString spec,
    ByteString detail,
    String traceparent) {}
