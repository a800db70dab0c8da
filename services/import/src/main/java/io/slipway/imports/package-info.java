/**
 * Brings models and datasets into the platform. Start with {@link
 * io.slipway.imports.ImportApplication}, then the package {@code job}.
 */
@NullMarked
package io.slipway.imports;

import org.jspecify.annotations.NullMarked;
