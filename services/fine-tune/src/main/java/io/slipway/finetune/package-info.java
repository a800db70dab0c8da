/**
 * The fine-tuning service: jobs that take a model version further on a user's dataset. Start with
 * {@link io.slipway.finetune.FineTuneApplication} and follow a job from {@code job} over {@code
 * run} to {@code training}.
 */
@NullMarked
package io.slipway.finetune;

import org.jspecify.annotations.NullMarked;
