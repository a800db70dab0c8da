/**
 * The rows that an evaluation measures on. Start with {@link
 * io.slipway.evaluation.data.EvaluationDatasets}.
 */
@NullMarked
package io.slipway.evaluation.data;

import org.jspecify.annotations.NullMarked;
