/**
 * Who calls: the tenant travels with every call between services, and the call proves that it comes
 * from the platform. Start with {@link io.slipway.kit.identity.Caller}.
 */
@NullMarked
package io.slipway.kit.identity;

import org.jspecify.annotations.NullMarked;
