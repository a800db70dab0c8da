package io.slipway.gateway;

import io.slipway.kit.SlipwayService;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The gateway. */
@SpringBootApplication
@EnableConfigurationProperties(GatewayProperties.class)
public class GatewayApplication {

  public static void main(String[] args) {
    SlipwayService.run(GatewayApplication.class, "gateway", args);
  }
}
