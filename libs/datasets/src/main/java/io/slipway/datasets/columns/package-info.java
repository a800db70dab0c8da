/**
 * Rows for each task beside text classification: the columns that they come from, and what they
 * are.
 *
 * <p>Start with {@link io.slipway.datasets.columns.ColumnRole}, the columns that there are, and
 * {@link io.slipway.datasets.columns.WordColumns}, one of the mappings.
 */
@NullMarked
package io.slipway.datasets.columns;

import org.jspecify.annotations.NullMarked;
