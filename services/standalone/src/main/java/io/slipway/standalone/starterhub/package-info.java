/**
 * A hub of small generated models, and a generated dataset, so that the whole life of a model can
 * be shown without a network: start at {@link io.slipway.standalone.starterhub.StarterHub} and
 * {@link io.slipway.standalone.starterhub.SupportMessages}.
 */
@NullMarked
package io.slipway.standalone.starterhub;

import org.jspecify.annotations.NullMarked;
