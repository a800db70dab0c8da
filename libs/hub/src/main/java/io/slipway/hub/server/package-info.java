/**
 * The server side of the Hugging Face Hub protocol, as far as its clients need it to find and
 * download models.
 *
 * <p>Start with {@link io.slipway.hub.server.HubRoutes}, which answers requests out of a {@link
 * io.slipway.hub.server.HubRepositories}; {@link io.slipway.hub.server.HubServer} puts it on a
 * port.
 */
@NullMarked
package io.slipway.hub.server;

import org.jspecify.annotations.NullMarked;
