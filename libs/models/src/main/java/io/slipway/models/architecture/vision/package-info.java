/**
 * Models of images and their heads.
 *
 * <p>Start at {@link io.slipway.models.architecture.vision.Vit}.
 */
@NullMarked
package io.slipway.models.architecture.vision;

import org.jspecify.annotations.NullMarked;
