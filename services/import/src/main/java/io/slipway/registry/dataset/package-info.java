/**
 * The users' datasets: uploaded once, inspected, immutable. Start with {@link
 * io.slipway.registry.dataset.DatasetUpload}.
 */
@NullMarked
package io.slipway.registry.dataset;

import org.jspecify.annotations.NullMarked;
