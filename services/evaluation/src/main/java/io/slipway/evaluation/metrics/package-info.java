/**
 * What predictions are worth: plain arithmetic on counts and times. Start with {@link
 * io.slipway.evaluation.metrics.ClassificationMetrics}.
 */
@NullMarked
package io.slipway.evaluation.metrics;

import org.jspecify.annotations.NullMarked;
