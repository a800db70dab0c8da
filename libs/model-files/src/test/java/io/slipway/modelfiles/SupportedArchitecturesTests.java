package io.slipway.modelfiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupportedArchitecturesTests {

  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "tokenizer.json", "README.md");

  private static Verdict assess(String architecture, List<String> files, boolean gated) {
    return SupportedArchitectures.assess(
        new ListedModel(
            "bert",
            List.of(architecture),
            "text-classification",
            "transformers",
            List.of(),
            files,
            gated));
  }

  @Test
  void aClassifierCanDoEverything() {
    Verdict verdict = assess("BertForSequenceClassification", FILES, false);
    assertThat(verdict)
        .isEqualTo(new Verdict(true, true, true, Optional.of(Task.TEXT_CLASSIFICATION), List.of()));
  }

  @Test
  void aBaseModelHasToBeTunedBeforeItIsServed() {
    Verdict verdict = assess("BertForMaskedLM", FILES, false);
    assertThat(verdict.importable()).isTrue();
    assertThat(verdict.fineTunable()).isTrue();
    assertThat(verdict.servable()).isFalse();
    assertThat(verdict.reasons())
        .singleElement()
        .asString()
        .startsWith("BertForMaskedLM has no head");
  }

  @ParameterizedTest
  @CsvSource({
    "bert, BertForTokenClassification, token-classification",
    "bert, BertForQuestionAnswering, question-answering",
    "bert, BertModel, text-classification",
    "gpt2, GPT2LMHeadModel, text-generation",
    "t5, T5ForConditionalGeneration, summarization",
    "marian, MarianMTModel, translation",
    "vit, ViTModel, image-classification"
  })
  void aModelIsTunedForWhatItIsForAlready(String modelType, String architecture, String task) {
    ListedModel listed =
        new ListedModel(
            modelType, List.of(architecture), null, null, List.of("safetensors"), List.of(), false);

    Verdict verdict = SupportedArchitectures.assess(listed);

    assertThat(verdict.fineTunable()).isTrue();
    assertThat(verdict.task().map(Task::pipelineTag)).contains(task);
  }

  @Test
  void aGatedModelNeedsAToken() {
    Verdict verdict = assess("BertForSequenceClassification", FILES, true);
    assertThat(verdict.importable()).isTrue();
    assertThat(verdict.reasons()).singleElement().asString().contains("gated");
  }

  @Test
  void everyHindranceIsASentence() {
    Verdict verdict =
        assess("BertForNextSentencePrediction", List.of("config.json", "pytorch_model.bin"), false);
    assertThat(verdict.importable()).isFalse();
    assertThat(verdict.reasons())
        .hasSize(3)
        .allMatch(reason -> reason.endsWith(".") && Character.isUpperCase(reason.charAt(0)))
        .anyMatch(reason -> reason.contains("BertForNextSentencePrediction"))
        .anyMatch(reason -> reason.contains("pytorch_model.bin"))
        .anyMatch(reason -> reason.contains("tokenizer.json"));
  }

  @Test
  void aModelOfImagesNeedsNoTokenizer() {
    ListedModel listed =
        new ListedModel(
            "resnet",
            List.of("ResNetForImageClassification"),
            "image-classification",
            "transformers",
            List.of(),
            List.of("config.json", "model.safetensors", "preprocessor_config.json"),
            false);
    assertThat(SupportedArchitectures.assess(listed).importable()).isTrue();
  }

  @Test
  void judgesByTagsWhenTheListingNamesNoFiles() {
    ListedModel tagged =
        new ListedModel(
            "bert", List.of("BertModel"), null, null, List.of("safetensors"), List.of(), false);
    ListedModel untagged =
        new ListedModel("bert", List.of("BertModel"), null, null, List.of(), List.of(), false);
    assertThat(SupportedArchitectures.assess(tagged).importable()).isTrue();
    assertThat(SupportedArchitectures.assess(untagged).importable()).isFalse();
  }

  @Test
  void saysSoWhenTheListingDoesNotTellTheArchitecture() {
    ListedModel listed = new ListedModel(null, List.of(), null, null, List.of(), FILES, false);
    assertThat(SupportedArchitectures.assess(listed).reasons())
        .containsExactly("The hub's listing does not say which architecture it is.");
  }
}
