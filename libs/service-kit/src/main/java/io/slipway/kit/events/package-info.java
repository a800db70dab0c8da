/**
 * Facts: published through the outbox together with the state that they tell of, consumed once.
 * Start with {@link io.slipway.kit.events.EventPublisher}.
 */
@NullMarked
package io.slipway.kit.events;

import org.jspecify.annotations.NullMarked;
