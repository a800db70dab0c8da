/**
 * Labelled JSONL, CSV and TSV files: read as a stream, checked, and divided into parts.
 *
 * <p>Start with {@link io.slipway.datasets.DatasetFile}; {@link io.slipway.datasets.Split} divides
 * its rows, {@link io.slipway.datasets.FineTuneData} checks that a model can be trained on them.
 */
@NullMarked
package io.slipway.datasets;

import org.jspecify.annotations.NullMarked;
