package io.slipway.worker.model;

import com.google.rpc.Status;

/** Where a model is in its life on this worker. */
sealed interface ModelState {

  record Loading() implements ModelState {}

  record Ready(ServedModel served) implements ModelState {}

  record Failed(Status error) implements ModelState {}

  /** Finishing what it has accepted. */
  record Unloading() implements ModelState {}
}
