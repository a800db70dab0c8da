/** Uploads of datasets, streamed through. Start with {@code DatasetUpload}. */
@NullMarked
package io.slipway.gateway.datasets;

import org.jspecify.annotations.NullMarked;
