/**
 * Measures model versions on datasets. Start with {@link
 * io.slipway.evaluation.job.EvaluationGrpcService}, then {@link
 * io.slipway.evaluation.job.EvaluationRun}.
 */
@NullMarked
package io.slipway.evaluation;

import org.jspecify.annotations.NullMarked;
