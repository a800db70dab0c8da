package io.slipway.models.runtime;

import java.io.IOException;

/** Work that calls libtorch, and what it computed as plain Java values. */
@FunctionalInterface
public interface NativeWork<T> {

  T run() throws IOException;
}
