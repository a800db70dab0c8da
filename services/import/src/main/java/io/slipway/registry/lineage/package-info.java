/**
 * What came from what, projected from the events of all services. Start with {@link
 * io.slipway.registry.lineage.LineageLedger}.
 */
@NullMarked
package io.slipway.registry.lineage;

import org.jspecify.annotations.NullMarked;
