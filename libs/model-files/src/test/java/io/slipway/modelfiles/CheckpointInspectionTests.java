package io.slipway.modelfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.safetensors.Dtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointInspectionTests {

  private static final String INDEX = "model.safetensors.index.json";

  private static final String VIT_IMAGES =
      """
      {"image_processor_type": "ViTImageProcessor", "size": {"height": 8, "width": 8}}""";

  @TempDir Path temp;

  private void assertRefused(CheckpointFiles files, Reason reason, String... parts) {
    assertThatThrownBy(() -> CheckpointInspection.inspect(files.directory()))
        .isInstanceOfSatisfying(
            ModelFilesException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContainingAll(parts);
  }

  @Test
  void tellsWhatACheckpointIs() throws IOException {
    Path directory = CheckpointFiles.complete(temp).with("pytorch_model.bin", "pickle").directory();
    InspectedCheckpoint inspected = CheckpointInspection.inspect(directory);
    assertThat(inspected.architecture()).isEqualTo("BertForSequenceClassification");
    assertThat(inspected.verdict().task()).contains(Task.TEXT_CLASSIFICATION);
    assertThat(inspected.verdict().servable()).isTrue();
    assertThat(inspected.verdict().reasons()).isEmpty();
    assertThat(inspected.labels()).containsExactly("no", "yes");
    assertThat(inspected.parameterCount()).isEqualTo(2);
    assertThat(inspected.parametersByDtype()).isEqualTo(Map.of(Dtype.F32, 2L));
    assertThat(inspected.weightBytes()).isEqualTo(8);
    assertThat(inspected.notes()).singleElement().asString().contains("pytorch_model.bin");
  }

  @Test
  void aBaseModelIsTunableButNotServable() throws IOException {
    Path directory =
        CheckpointFiles.complete(temp)
            .with("config.json", "{\"model_type\": \"bert\", \"architectures\": [\"BertModel\"]}")
            .directory();
    InspectedCheckpoint inspected = CheckpointInspection.inspect(directory);
    assertThat(inspected.labels()).isEmpty();
    assertThat(inspected.verdict().servable()).isFalse();
    assertThat(inspected.verdict().fineTunable()).isTrue();
    assertThat(inspected.verdict().reasons())
        .singleElement()
        .asString()
        .contains("fine-tune it first");
  }

  @Test
  void aModelOfImagesNeedsNoTokenizer() throws IOException {
    Path directory =
        CheckpointFiles.complete(temp)
            .with(
                "config.json",
                "{\"model_type\": \"vit\", \"architectures\": [\"ViTForImageClassification\"]}")
            .without("tokenizer.json")
            .without("tokenizer_config.json")
            .with("preprocessor_config.json", VIT_IMAGES)
            .directory();
    InspectedCheckpoint inspected = CheckpointInspection.inspect(directory);
    assertThat(inspected.architecture()).isEqualTo("ViTForImageClassification");
    assertThat(inspected.labels()).containsExactly("LABEL_0", "LABEL_1");
    assertThat(inspected.verdict().task()).contains(Task.IMAGE_CLASSIFICATION);
    assertThat(inspected.notes()).isEmpty();
  }

  @Test
  void aModelOfImagesHasToSayHowTheyArePrepared() {
    CheckpointFiles files =
        CheckpointFiles.complete(temp)
            .with(
                "config.json",
                "{\"model_type\": \"vit\", \"architectures\": [\"ViTForImageClassification\"]}");

    assertRefused(files, Reason.MISSING_FILE, "preprocessor_config.json");
  }

  @Test
  void aTaggerHasTheLabelsOfWords() throws IOException {
    Path directory =
        CheckpointFiles.complete(temp)
            .with(
                "config.json",
                "{\"model_type\": \"bert\", \"architectures\": [\"BertForTokenClassification\"], \"id2label\": {\"0\": \"O\", \"1\": \"B-LOC\"}}")
            .directory();

    InspectedCheckpoint inspected = CheckpointInspection.inspect(directory);

    assertThat(inspected.labels()).containsExactly("O", "B-LOC");
    assertThat(inspected.verdict().task()).contains(Task.TOKEN_CLASSIFICATION);
    assertThat(inspected.verdict().fineTunable()).isTrue();
    assertThat(inspected.verdict().servable()).isFalse();
  }

  @Test
  void refusesAModelThatAsksToGenerateNonsense() {
    CheckpointFiles files =
        CheckpointFiles.complete(temp)
            .with(
                "config.json",
                "{\"model_type\": \"gpt2\", \"architectures\": [\"GPT2LMHeadModel\"]}")
            .with("generation_config.json", "{\"max_new_tokens\": -1}");
    assertRefused(files, Reason.MALFORMED_CONFIG, "max_new_tokens is -1, expected at least 1");
  }

  @Test
  void readsShards() throws IOException {
    Path directory =
        CheckpointFiles.complete(temp)
            .without("model.safetensors")
            .weights("model-00001-of-00002.safetensors", "a", "b")
            .weights("model-00002-of-00002.safetensors", "c")
            .with(
                INDEX,
                """
                {"metadata": {"total_size": 24}, "weight_map": {
                 "a": "model-00001-of-00002.safetensors", "b": "model-00001-of-00002.safetensors",
                 "c": "model-00002-of-00002.safetensors"}}
                """)
            .directory();
    assertThat(CheckpointInspection.inspect(directory).parameterCount()).isEqualTo(6);
  }

  @Test
  void refusesAnIndexThatDoesNotFitItsShards() {
    CheckpointFiles files =
        CheckpointFiles.complete(temp)
            .without("model.safetensors")
            .weights("model-1.safetensors", "a");
    assertRefused(
        files.with(
            INDEX,
            "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-1.safetensors\"}}"),
        Reason.MALFORMED_INDEX,
        "maps b to model-1.safetensors, which does not hold it");
    files.weights("model-1.safetensors", "a", "x");
    assertRefused(
        files.with(INDEX, "{\"weight_map\": {\"a\": \"model-1.safetensors\"}}"),
        Reason.MALFORMED_INDEX,
        "maps x to null");
    assertRefused(
        files.with(INDEX, "{\"weight_map\": {\"a\": \"model-2.safetensors\"}}"),
        Reason.MISSING_FILE,
        "model-2.safetensors, which is missing");
    assertRefused(
        files.with(INDEX, "{\"weight_map\": {\"a\": \"../model-1.safetensors\"}}"),
        Reason.MALFORMED_INDEX,
        "expected the name of a .safetensors file beside it");
    assertRefused(
        files.with(INDEX, "{\"weight_map\": {}}"), Reason.MALFORMED_INDEX, "no weight_map");
  }

  @Test
  void neverOpensPickledWeights() {
    CheckpointFiles files =
        CheckpointFiles.complete(temp).without("model.safetensors").with("pytorch_model.bin", "x");
    assertRefused(
        files, Reason.PICKLED_WEIGHTS_ONLY, "pytorch_model.bin", "accepted are model.safetensors");
  }

  @Test
  void takesAVocabularyInPlaceOfATokenizerJson() throws IOException {
    CheckpointFiles files = CheckpointFiles.complete(temp).without("tokenizer.json");
    files.with("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n");
    assertThat(CheckpointInspection.inspect(files.directory()).architecture())
        .isEqualTo("BertForSequenceClassification");
    assertRefused(files.with("vocab.txt", "hello\n"), Reason.MALFORMED_TOKENIZER, "[UNK]");
  }

  @Test
  void refusesMissingAndMalformedFilesByName() {
    CheckpointFiles files = CheckpointFiles.complete(temp);
    assertRefused(
        files.with("model.safetensors", "not safetensors at all"),
        Reason.MALFORMED_SAFETENSORS,
        "model.safetensors: the header claims");
    assertRefused(files.without("model.safetensors"), Reason.MISSING_FILE, "there are no weights");
    files.weights("model.safetensors", "a");
    assertRefused(
        files.with("tokenizer.json", "{}"),
        Reason.MALFORMED_TOKENIZER,
        "tokenizer.json has no \"model\"");
    assertRefused(files.with("tokenizer.json", "{"), Reason.MALFORMED_TOKENIZER, "not valid JSON");
    assertRefused(
        files.without("tokenizer.json"), Reason.MISSING_FILE, "expected tokenizer.json, vocab.txt");
    assertRefused(files.with("config.json", "[]"), Reason.MALFORMED_CONFIG, "not a JSON object");
    assertRefused(files.without("config.json"), Reason.MISSING_FILE, "no config.json");
  }

  @Test
  void namesAnUnsupportedArchitectureAndWhatIsSupported() {
    CheckpointFiles files =
        CheckpointFiles.complete(temp)
            .with(
                "config.json",
                "{\"model_type\": \"mamba\", \"architectures\": [\"MambaForCausalLM\"]}");
    assertRefused(
        files,
        Reason.UNSUPPORTED_ARCHITECTURE,
        "MambaForCausalLM",
        "BertForSequenceClassification");
  }
}
