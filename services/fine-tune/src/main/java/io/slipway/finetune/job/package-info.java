/**
 * The job as its owner sees it: asked for, checked, shown. Start with {@link
 * io.slipway.finetune.job.FineTuneAcceptance}.
 */
@NullMarked
package io.slipway.finetune.job;

import org.jspecify.annotations.NullMarked;
