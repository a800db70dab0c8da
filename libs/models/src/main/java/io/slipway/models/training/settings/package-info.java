/** What a caller chooses of a training, whatever the task. */
@NullMarked
package io.slipway.models.training.settings;

import org.jspecify.annotations.NullMarked;
