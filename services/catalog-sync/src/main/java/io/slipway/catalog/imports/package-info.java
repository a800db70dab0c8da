/**
 * Which of the hub's models are in the registry already, learned from its events. Start with {@link
 * io.slipway.catalog.imports.ImportedVersions}.
 */
@NullMarked
package io.slipway.catalog.imports;

import org.jspecify.annotations.NullMarked;
