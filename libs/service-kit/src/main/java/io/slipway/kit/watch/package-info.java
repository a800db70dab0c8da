/**
 * {@code Watch} calls: a resource now, and after each change. Start with {@link
 * io.slipway.kit.watch.ResourceWatch}.
 */
@NullMarked
package io.slipway.kit.watch;

import org.jspecify.annotations.NullMarked;
