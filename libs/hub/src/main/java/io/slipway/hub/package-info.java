/**
 * The Hugging Face Hub protocol: its terms, and a client that lists, describes and downloads
 * models.
 *
 * <p>Start with {@link io.slipway.hub.HubClient}; {@link io.slipway.hub.HubException} says what can
 * go wrong. The server side is {@link io.slipway.hub.server}.
 */
@NullMarked
package io.slipway.hub;

import org.jspecify.annotations.NullMarked;
