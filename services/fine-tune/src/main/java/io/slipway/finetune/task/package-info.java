/**
 * What models are tuned for. Start with {@link io.slipway.finetune.task.TunedTask}, which says for
 * each task what its rows are, what it is measured by, and which settings it has.
 */
@NullMarked
package io.slipway.finetune.task;

import org.jspecify.annotations.NullMarked;
