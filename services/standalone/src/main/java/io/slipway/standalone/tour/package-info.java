/**
 * The main job, shown step by step through the public API only. Start with {@link
 * io.slipway.standalone.tour.TourCommand}, then {@link io.slipway.standalone.tour.Tour}.
 */
@NullMarked
package io.slipway.standalone.tour;

import org.jspecify.annotations.NullMarked;
