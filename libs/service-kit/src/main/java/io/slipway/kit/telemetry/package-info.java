/**
 * Traces that follow a request across gRPC, jobs and events. Start with {@link
 * io.slipway.kit.telemetry.Traces}.
 */
@NullMarked
package io.slipway.kit.telemetry;

import org.jspecify.annotations.NullMarked;
