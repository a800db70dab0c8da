/**
 * Where requests go: routes from what is ready, and their way to the topic. Start with {@link
 * io.slipway.deployment.route.Routes}.
 */
@NullMarked
package io.slipway.deployment.route;

import org.jspecify.annotations.NullMarked;
