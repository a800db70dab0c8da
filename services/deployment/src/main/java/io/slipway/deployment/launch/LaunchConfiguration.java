package io.slipway.deployment.launch;

import io.slipway.deployment.DeploymentProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The launcher that the settings name. */
@Configuration(proxyBeanMethods = false)
class LaunchConfiguration {

  @Bean
  Launcher launcher(
      DeploymentProperties properties,
      Environment environment,
      ObjectProvider<GrpcServerLifecycle> server) {
    return switch (properties.launcher()) {
      case NONE -> new NoLauncher();
      case PROCESS ->
          new ProcessLauncher(
              properties, ChildSettings.of(environment), () -> server.getObject().getPort());
    };
  }
}
