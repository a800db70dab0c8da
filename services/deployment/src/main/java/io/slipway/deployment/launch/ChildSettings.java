package io.slipway.deployment.launch;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The settings that a child takes over from this service.
 *
 * @param properties to be given as system properties
 * @param secrets to be given as environment variables, which other users of the machine cannot read
 */
record ChildSettings(Map<String, String> properties, Map<String, String> secrets) {

  private static final String[] HANDED_ON = {
    "slipway.services",
    "slipway.artifacts",
    "slipway.worker",
    "slipway.trainer",
    "slipway.training",
    "slipway.logging"
  };

  static ChildSettings of(Environment environment) {
    Map<String, String> properties = new TreeMap<>();
    Binder binder = Binder.get(environment);
    for (String prefix : HANDED_ON) {
      binder
          .bind(prefix, Bindable.mapOf(String.class, String.class))
          .ifBound(
              settings ->
                  settings.forEach((key, value) -> properties.put(prefix + "." + key, value)));
    }
    return new ChildSettings(
        properties,
        Map.of(
            "SLIPWAY_IDENTITY_PLATFORM_SECRET",
            environment.getRequiredProperty("slipway.identity.platform-secret")));
  }
}
