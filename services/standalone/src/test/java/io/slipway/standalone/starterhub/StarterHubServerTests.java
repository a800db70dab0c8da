package io.slipway.standalone.starterhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.hub.HubClient;
import io.slipway.hub.HubClientSettings;
import io.slipway.hub.HubFile;
import io.slipway.hub.ModelQuery;
import io.slipway.hub.RepositoryId;
import io.slipway.hub.Revision;
import io.slipway.modelfiles.ModelConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterHubServerTests {
  @TempDir Path directory;

  @Test
  void aHubClientFindsTheModelsAndReadsThem() throws Exception {
    try (var server = StarterHubServer.start(directory, "127.0.0.1", 0);
        var client = new HubClient(HubClientSettings.of(server.endpoint()))) {
      assertThat(client.listModels(ModelQuery.ALL).models())
          .extracting(model -> model.id().name())
          .containsExactlyInAnyOrder(
              "bert-tiny-uncased", "bert-tiny-encoder", "bert-tiny-pickled", "rwkv-tiny");

      var model = client.modelInfo(RepositoryId.of(StarterHub.MODEL), Revision.MAIN);
      assertThat(model.card().pipelineTag()).isEqualTo("text-classification");
      assertThat(model.card().libraryName()).isEqualTo("transformers");
      assertThat(model.card().tags()).contains("license:apache-2.0", "safetensors");
      assertThat(model.file("model.safetensors")).isPresent();

      byte[] config =
          client.read(
              new HubFile(model.id(), Revision.MAIN, model.file("config.json").orElseThrow()),
              1 << 20);
      assertThat(
              ModelConfig.parse("config.json", new String(config, StandardCharsets.UTF_8)).labels())
          .isEqualTo(SupportTeam.labels());
    }
  }

  @Test
  void readsItsArguments() {
    assertThat(StarterHubServer.Arguments.of("--dir", "/hub", "--port", "8090"))
        .isEqualTo(new StarterHubServer.Arguments(Path.of("/hub"), "0.0.0.0", 8090));
  }

  @Test
  void refusesArgumentsThatItDoesNotUnderstand() {
    assertThatThrownBy(() -> StarterHubServer.Arguments.of("--dir", "/hub", "--port", "many"))
        .hasMessageContaining("'many'")
        .hasMessageContaining("0 to 65535");
    assertThatThrownBy(() -> StarterHubServer.Arguments.of("--dir"))
        .hasMessageContaining("--dir lacks its value");
    assertThatThrownBy(() -> StarterHubServer.Arguments.of("--path", "/hub"))
        .hasMessageContaining("--path");
    assertThatThrownBy(() -> StarterHubServer.Arguments.of("--port", "1"))
        .hasMessageContaining("--dir");
  }
}
