/** The service and its neighbours as tests start them; also for the tests of the trainer. */
@NullMarked
package io.slipway.finetune.testing;

import org.jspecify.annotations.NullMarked;
