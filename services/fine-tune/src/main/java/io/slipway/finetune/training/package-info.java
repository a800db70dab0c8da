/**
 * What trainers ask and report. Start with {@link
 * io.slipway.finetune.training.TrainingGrpcService}; {@link io.slipway.finetune.training.RunRecord}
 * says what each report changes.
 */
@NullMarked
package io.slipway.finetune.training;

import org.jspecify.annotations.NullMarked;
