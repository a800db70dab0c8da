/**
 * One attempt at a job: hold a trainer until it has a result, register the result, say so. Start
 * with {@link io.slipway.finetune.run.FineTuneHandler}.
 */
@NullMarked
package io.slipway.finetune.run;

import org.jspecify.annotations.NullMarked;
