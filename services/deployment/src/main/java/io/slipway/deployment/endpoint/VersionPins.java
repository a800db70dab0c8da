package io.slipway.deployment.endpoint;

import io.slipway.deployment.signal.ChangeSignal;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.events.EventPublisher;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Has the registry keep the versions that are deployed, and lets go of them. Both wait for another
 * service, so they happen beside the loop, one at a time for each deployment; what fails for now is
 * tried again when the loop comes by.
 */
@Component
public class VersionPins {

  private static final Logger log = LoggerFactory.getLogger(VersionPins.class);

  private final RegistryVersions registry;
  private final Deployments deployments;
  private final TransactionTemplate transaction;
  private final EventPublisher events;
  private final ChangeSignal changes;
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

  VersionPins(
      RegistryVersions registry,
      Deployments deployments,
      TransactionTemplate transaction,
      EventPublisher events,
      ChangeSignal changes) {
    this.registry = registry;
    this.deployments = deployments;
    this.transaction = transaction;
    this.events = events;
    this.changes = changes;
  }

  /** Pins a new deployment's version; without one the deployment fails. */
  public void pin(ModelDeployment deployment) {
    begin(
        deployment,
        () -> {
          try {
            registry.pin(deployment);
            deployments.pinned(deployment.name());
          } catch (SlipwayException refusal) {
            if (refusal.code().isTransient()) {
              throw refusal;
            }
            deployments.fail(deployment.name(), GrpcErrors.toStatus(refusal));
          }
        });
  }

  /** The end of a deployment that no worker serves any more. */
  public void unpinAndRemove(ModelDeployment deployment) {
    begin(
        deployment,
        () -> {
          registry.unpin(deployment);
          transaction.executeWithoutResult(status -> remove(deployment));
        });
  }

  private void remove(ModelDeployment deployment) {
    if (deployments.remove(deployment.name())) {
      events.publish(
          deployment.tenant(),
          deployment.name(),
          deployment.endpoint(),
          event ->
              event
                  .getDeploymentDeletedBuilder()
                  .setEndpoint(deployment.endpoint())
                  .setModelVersion(deployment.model().getName()));
    }
  }

  private void begin(ModelDeployment deployment, Runnable work) {
    if (!inProgress.add(deployment.name())) {
      return;
    }
    Thread.ofVirtual()
        .name("pin-" + deployment.name())
        .start(
            () -> {
              try {
                work.run();
                changes.raise();
              } catch (RuntimeException e) {
                log.warn("{}: the registry was not told: {}", deployment.name(), e.getMessage());
              } finally {
                inProgress.remove(deployment.name());
              }
            });
  }
}
