package io.slipway.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.modelfiles.ArchitectureSupport;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.SupportedArchitectures;
import org.junit.jupiter.api.Test;

class ArchitecturesTests {

  @Test
  void everySupportedArchitectureHasCodeForTheTaskOfItsHead() {
    for (ArchitectureSupport support : SupportedArchitectures.all()) {
      ModelConfig config =
          ModelConfig.parse(
              "config.json",
              "{\"model_type\": \"%s\", \"architectures\": [\"%s\"]}"
                  .formatted(support.modelType(), support.architecture()));
      support
          .serves()
          .ifPresent(
              task ->
                  assertThat(Head.all())
                      .as(support.architecture())
                      .anyMatch(head -> head.answers(task) && LoadedModel.hasHead(config, head)));
    }
  }
}
