/** What is public and who serves it. Start with {@link io.slipway.gateway.api.PublicApi}. */
@NullMarked
package io.slipway.gateway.api;

import org.jspecify.annotations.NullMarked;
