package io.slipway.imports.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.hub.RepositoryFile;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileSelectionTests {

  @Test
  void takesConfigurationWeightsTokenizerAndPapersAndNothingElse() {
    assertThat(
            chosen(
                "config.json",
                "model.safetensors",
                "tokenizer.json",
                "vocab.txt",
                "README.md",
                "LICENSE",
                "modules.json",
                "1_Pooling/config.json",
                "pytorch_model.bin",
                "training_args.bin",
                "tf_model.h5",
                "flax_model.msgpack",
                "onnx/model.onnx",
                "onnx/config.json",
                "modeling_custom.py",
                "optimizer.pt",
                "adapter_model.safetensors",
                "runs/events.out"))
        .containsExactly(
            "config.json",
            "model.safetensors",
            "tokenizer.json",
            "vocab.txt",
            "README.md",
            "LICENSE",
            "modules.json",
            "1_Pooling/config.json");
  }

  @Test
  void takesTheSingleFileWhereShardsAreThereToo() {
    assertThat(
            chosen(
                "config.json",
                "tokenizer.json",
                "model.safetensors",
                "model.safetensors.index.json",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors"))
        .containsExactly("config.json", "tokenizer.json", "model.safetensors");
  }

  @Test
  void takesTheIndexAndItsShards() {
    assertThat(
            chosen(
                "config.json",
                "tokenizer.json",
                "consolidated.safetensors",
                "model.safetensors.index.json",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors"))
        .containsExactly(
            "config.json",
            "tokenizer.json",
            "model.safetensors.index.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors");
  }

  @Test
  void refusesPickledWeightsByName() {
    assertThatThrownBy(() -> chosen("config.json", "tokenizer.json", "pytorch_model.BIN"))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PICKLED_WEIGHTS_ONLY))
        .hasMessageContaining("pytorch_model.BIN");
  }

  @Test
  void takesTheFilesThatStandForATokenizerJson() {
    assertThat(chosen("config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json"))
        .contains("source.spm", "target.spm", "vocab.json");
    assertThat(chosen("config.json", "model.safetensors", "spm.model")).contains("spm.model");
    assertThatThrownBy(() -> chosen("config.json", "model.safetensors", "vocab.json"))
        .hasMessageContaining("merges.txt");
  }

  @Test
  void asksForNoTokenizerWhereImagesArePrepared() {
    assertThat(chosen("config.json", "model.safetensors", "preprocessor_config.json")).hasSize(3);
  }

  @Test
  void saysWhichFileIsMissing() {
    assertThatThrownBy(() -> chosen("tokenizer.json", "model.safetensors"))
        .hasMessageContaining("config.json");
    assertThatThrownBy(() -> chosen("config.json", "model.safetensors"))
        .hasMessageContaining("tokenizer.json");
    assertThatThrownBy(() -> chosen("config.json", "tokenizer.json"))
        .hasMessageContaining("model.safetensors");
  }

  private static List<String> chosen(String... names) {
    return FileSelection.choose(Stream.of(names).map(RepositoryFile::named).toList()).stream()
        .map(RepositoryFile::path)
        .toList();
  }
}
