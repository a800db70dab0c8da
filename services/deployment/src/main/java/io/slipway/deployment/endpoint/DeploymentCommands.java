package io.slipway.deployment.endpoint;

import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.signal.ChangeSignal;
import io.slipway.deployment.v1.CreateDeploymentRequest;
import io.slipway.deployment.v1.CreateEndpointRequest;
import io.slipway.deployment.v1.Deployment;
import io.slipway.kit.commands.Commands;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.names.Ids;
import io.slipway.registry.v1.ModelVersion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** What users may do to endpoints and deployments; each command is one transaction. */
@Component
class DeploymentCommands {

  private static final Pattern ENDPOINT_ID = Pattern.compile("[a-z0-9-]{3,63}");

  private final Endpoints endpoints;
  private final Deployments deployments;
  private final RegistryVersions registry;
  private final Commands commands;
  private final TransactionTemplate transaction;
  private final DeploymentProperties properties;
  private final ChangeSignal changes;
  private final Ids ids;

  DeploymentCommands(
      Endpoints endpoints,
      Deployments deployments,
      RegistryVersions registry,
      Commands commands,
      TransactionTemplate transaction,
      DeploymentProperties properties,
      ChangeSignal changes,
      Ids ids) {
    this.endpoints = endpoints;
    this.deployments = deployments;
    this.registry = registry;
    this.commands = commands;
    this.transaction = transaction;
    this.properties = properties;
    this.changes = changes;
    this.ids = ids;
  }

  ModelEndpoint createEndpoint(CreateEndpointRequest request) {
    if (!ENDPOINT_ID.matcher(request.getEndpointId()).matches()) {
      throw SlipwayException.invalid(
          "endpoint_id is \"%s\"; expected 3 to 63 lower-case letters, digits and hyphens."
              .formatted(request.getEndpointId()));
    }
    String tenant = Caller.current().tenant();
    String name =
        commands.once(
            tenant,
            request.getRequestId(),
            request,
            () -> {
              String made = "endpoints/" + request.getEndpointId();
              endpoints.create(tenant, made, request.getEndpoint().getDisplayName());
              return made;
            });
    changes.raise();
    return endpoints.get(tenant, name);
  }

  ModelDeployment createDeployment(CreateDeploymentRequest request) {
    Deployment wanted = request.getDeployment();
    if (wanted.getModelVersion().isEmpty()) {
      throw SlipwayException.invalid("deployment.model_version is empty.");
    }
    if (wanted.getReplicas() < 0 || wanted.getReplicas() > properties.largestReplicas()) {
      throw SlipwayException.invalid(
          "deployment.replicas is %d; 1 to %d are possible."
              .formatted(wanted.getReplicas(), properties.largestReplicas()));
    }
    String tenant = Caller.current().tenant();
    String name =
        commands.once(tenant, request.getRequestId(), request, () -> create(tenant, request));
    changes.raise();
    return deployments.get(tenant, name);
  }

  private String create(String tenant, CreateDeploymentRequest request) {
    String endpoint = endpoints.lock(tenant, request.getParent()).name();
    ModelVersion model = registry.resolve(request.getDeployment().getModelVersion());
    boolean first = deployments.ofEndpoint(endpoint).isEmpty();
    String name = endpoint + "/deployments/" + ids.next();
    deployments.create(
        tenant,
        name,
        endpoint,
        model,
        Math.max(1, request.getDeployment().getReplicas()),
        request.getDeployment().getDevice());
    if (first) {
      endpoints.setTraffic(tenant, endpoint, Map.of(name, 100));
    }
    return name;
  }

  ModelEndpoint updateTraffic(String name, List<Traffic.Share> shares) {
    String tenant = Caller.current().tenant();
    change(
        () -> {
          endpoints.lock(tenant, name);
          Set<String> known =
              deployments.ofEndpoint(name).stream()
                  .map(ModelDeployment::name)
                  .collect(Collectors.toCollection(LinkedHashSet::new));
          endpoints.setTraffic(tenant, name, Traffic.of(shares, known).percents());
        });
    return endpoints.get(tenant, name);
  }

  void deleteDeployment(String name) {
    String tenant = Caller.current().tenant();
    change(
        () -> {
          ModelDeployment deployment = deployments.get(tenant, name);
          ModelEndpoint endpoint = endpoints.lock(tenant, deployment.endpoint());
          int percent = endpoint.traffic().getOrDefault(name, 0);
          boolean only = deployments.ofEndpoint(endpoint.name()).size() <= 1;
          if (percent > 0 && !only) {
            throw new SlipwayException(
                ErrorCode.FAILED_PRECONDITION,
                "%s still gets %d percent of the traffic of %s; give it to another one first."
                    .formatted(name, percent, endpoint.name()));
          }
          Map<String, Integer> rest =
              endpoint.traffic().entrySet().stream()
                  .filter(share -> !share.getKey().equals(name))
                  .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
          endpoints.setTraffic(tenant, endpoint.name(), rest);
          deployments.delete(name);
        });
  }

  void deleteEndpoint(String name) {
    String tenant = Caller.current().tenant();
    change(
        () -> {
          endpoints.lock(tenant, name);
          deployments.ofEndpoint(name).forEach(deployment -> deployments.delete(deployment.name()));
          endpoints.markDeleted(name);
        });
  }

  private void change(Runnable command) {
    transaction.executeWithoutResult(status -> command.run());
    changes.raise();
  }
}
