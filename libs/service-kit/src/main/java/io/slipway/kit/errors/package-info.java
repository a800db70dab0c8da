/**
 * Errors with a stable code that mean the same over gRPC, over HTTP and on a job, and the failures
 * of the libraries in these codes. Start with {@link io.slipway.kit.errors.ErrorCode}.
 */
@NullMarked
package io.slipway.kit.errors;

import org.jspecify.annotations.NullMarked;
