package io.slipway.kit;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts a service, alone in its process or beside others in one. Its configuration is {@code
 * slipway-<name>.yml}, so that several can be on one class path.
 */
public final class SlipwayService {

  private SlipwayService() {}

  /** Starts a service that has the process for itself: it stops when the process is told to. */
  public static ConfigurableApplicationContext run(
      Class<?> application, String name, String... args) {
    return builder(application, name).run(arguments(name, args));
  }

  /** Starts a service beside others; who starts it closes it. */
  public static ConfigurableApplicationContext runBesideOthers(
      Class<?> application, String name, String... args) {
    return builder(application, name).registerShutdownHook(false).run(arguments(name, args));
  }

  private static SpringApplicationBuilder builder(Class<?> application, String name) {
    return new SpringApplicationBuilder(application)
        .bannerMode(Banner.Mode.OFF)
        .properties("spring.application.name=" + name);
  }

  private static String[] arguments(String name, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--spring.config.name=slipway-" + name);
    return all.toArray(String[]::new);
  }
}
