/**
 * Endpoints, deployments and the only owner of compute. Start with {@link
 * io.slipway.deployment.DeploymentApplication}, then {@code control.Reconciler}.
 */
@NullMarked
package io.slipway.deployment;

import org.jspecify.annotations.NullMarked;
