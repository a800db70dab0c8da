/**
 * Durable jobs under a lease, fenced by their attempt. Start with {@link
 * io.slipway.kit.jobs.JobHandler}, then {@link io.slipway.kit.jobs.JobRunner}.
 */
@NullMarked
package io.slipway.kit.jobs;

import org.jspecify.annotations.NullMarked;
