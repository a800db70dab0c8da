/**
 * Compacted topics as tables in memory. Start with {@link
 * io.slipway.gateway.tables.CompactedTopic}.
 */
@NullMarked
package io.slipway.gateway.tables;

import org.jspecify.annotations.NullMarked;
