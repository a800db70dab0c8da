package io.slipway.hub.server;

import java.util.function.Supplier;

/** A request that no state of the hub would make right. */
final class BadRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private BadRequestException(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }

  /** Reads a part of a request that the caller may have got wrong. */
  static <T> T reading(Supplier<T> part) {
    try {
      return part.get();
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(e);
    }
  }
}
