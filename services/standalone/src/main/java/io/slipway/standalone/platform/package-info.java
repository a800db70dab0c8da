/**
 * The platform in one process: Kafka, PostgreSQL, the control services and the gateway. Start with
 * {@link io.slipway.standalone.platform.PlatformProcess}, then {@link
 * io.slipway.standalone.platform.Platform}.
 */
@NullMarked
package io.slipway.standalone.platform;

import org.jspecify.annotations.NullMarked;
