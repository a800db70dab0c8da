/**
 * API keys: kept as hashes, known to every gateway, checked without a database. Start with {@code
 * ApiKeys}.
 */
@NullMarked
package io.slipway.gateway.keys;

import org.jspecify.annotations.NullMarked;
