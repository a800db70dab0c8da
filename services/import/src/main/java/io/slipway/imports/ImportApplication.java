package io.slipway.imports;

import io.slipway.kit.SlipwayService;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The import service, which also keeps the registry, the datasets and the lineage. */
@SpringBootApplication(scanBasePackages = {"io.slipway.imports", "io.slipway.registry"})
@ConfigurationPropertiesScan({"io.slipway.imports", "io.slipway.registry"})
public class ImportApplication {

  public static void main(String[] args) {
    SlipwayService.run(ImportApplication.class, "import", args);
  }
}
