package io.slipway.hub;

import org.jspecify.annotations.Nullable;

/** What a request is about, for its error; parts that do not apply are null. */
record Wanted(@Nullable RepositoryId id, @Nullable Revision revision, @Nullable String path) {

  static final Wanted LISTING = new Wanted(null, null, null);
}
