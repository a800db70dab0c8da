/** Keyset paging with opaque tokens. Start with {@link io.slipway.kit.paging.PageRequest}. */
@NullMarked
package io.slipway.kit.paging;

import org.jspecify.annotations.NullMarked;
