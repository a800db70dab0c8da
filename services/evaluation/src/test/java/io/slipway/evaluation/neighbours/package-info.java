/** The services that an evaluation needs, as small servers of their own. */
package io.slipway.evaluation.neighbours;
