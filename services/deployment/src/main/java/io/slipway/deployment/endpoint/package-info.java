/**
 * What users call, and the model versions behind it. Start with {@link
 * io.slipway.deployment.endpoint.DeploymentGrpcService}.
 */
@NullMarked
package io.slipway.deployment.endpoint;

import org.jspecify.annotations.NullMarked;
