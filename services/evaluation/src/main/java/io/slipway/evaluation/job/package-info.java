/**
 * Evaluations from the order to the report. Start with {@link
 * io.slipway.evaluation.job.EvaluationGrpcService}, then {@link
 * io.slipway.evaluation.job.EvaluationRun}.
 */
@NullMarked
package io.slipway.evaluation.job;

import org.jspecify.annotations.NullMarked;
