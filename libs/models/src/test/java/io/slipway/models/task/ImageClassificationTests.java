package io.slipway.models.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.image.ImageException;
import io.slipway.modelfiles.image.PixelValues;
import io.slipway.models.GoldenCase;
import io.slipway.models.Logits;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ImageClassificationTests {

  private static final String FOLDER = "image-classification";
  private static final int PNG_WIDTH_AT = 16;

  @OnCpu private static ComputeExecutor executor;

  @TempDir Path temp;

  private static ImageClassification load(Path checkpoint)
      throws IOException, InterruptedException {
    return ImageClassification.load(checkpoint, executor, Precision.FLOAT32);
  }

  private static Path checkpoint(String name) {
    return GoldenCase.checkpoint(FOLDER).resolve(name);
  }

  private static JsonNode golden() {
    return GoldenCase.json(FOLDER + "/golden.json");
  }

  static List<JsonNode> cases() {
    return golden().get("cases").valueStream().toList();
  }

  private static List<byte[]> images() throws IOException {
    Path folder = GoldenCase.checkpoint(FOLDER);
    List<byte[]> images = new ArrayList<>();
    for (JsonNode name : golden().get("images")) {
      images.add(Files.readAllBytes(folder.resolve(name.asString())));
    }
    return images;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAreTheReferences(JsonNode expected) throws Exception {
    Path directory =
        GoldenCase.copy(checkpoint(expected.get("checkpoint").asString()), temp.resolve("model"));
    for (Map.Entry<String, JsonNode> field : expected.get("config").properties()) {
      GoldenCase.configure(directory, field.getKey(), field.getValue().toString());
    }
    JsonNode parameters = expected.get("parameters");
    Optional<ScoreFunction> function =
        parameters
            .optional("function_to_apply")
            .map(name -> ScoreFunction.valueOf(name.asString().toUpperCase(Locale.ROOT)));
    int topK = parameters.path("top_k").asInt(ImageClassification.DEFAULT_TOP_K);
    try (ImageClassification model = load(directory)) {
      List<List<LabelScore>> answers = model.predict(images(), function, topK);

      assertThat(answers).hasSameSizeAs(expected.get("answers"));
      for (int i = 0; i < answers.size(); i++) {
        JsonNode reference = expected.get("answers").get(i);
        assertThat(answers.get(i).stream().map(LabelScore::label).toList())
            .isEqualTo(
                reference.valueStream().map(score -> score.get("label").asString()).toList());
        for (int j = 0; j < reference.size(); j++) {
          assertThat(answers.get(i).get(j).score())
              .isEqualTo(reference.get(j).get("score").asDouble(), offset(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit", "resnet"})
  void aBatchAnswersAsItsImagesAlone(String name) throws Exception {
    try (ImageClassification model = load(checkpoint(name))) {
      List<PixelValues> images = images().stream().map(model::preprocess).toList();
      float[][] alone = new float[images.size()][];
      for (int i = 0; i < alone.length; i++) {
        alone[i] = model.logits(List.of(images.get(i)))[0];
      }
      Logits.assertClose(model.logits(images), alone, 1e-5f);
    }
  }

  @Test
  void answersMoreImagesThanABatchHolds() throws Exception {
    try (ImageClassification model = load(checkpoint("vit"))) {
      byte[] image = images().getFirst();
      List<LabelScore> alone = model.predict(List.of(image), Optional.empty(), 3).getFirst();
      List<List<LabelScore>> many =
          model.predict(Collections.nCopies(37, image), Optional.empty(), 3);

      assertThat(many).hasSize(37);
      assertThat(many.getLast().getFirst().label()).isEqualTo(alone.getFirst().label());
      assertThat(many.getLast().getFirst().score())
          .isEqualTo(alone.getFirst().score(), offset(1e-5));
      assertThat(model.predict(List.of(), Optional.empty(), 3)).isEmpty();
    }
  }

  @Test
  void halfPrecisionComesCloseToTheReference() throws Exception {
    try (ImageClassification full = load(checkpoint("resnet"));
        ImageClassification half =
            ImageClassification.load(checkpoint("resnet"), executor, Precision.BFLOAT16)) {
      List<PixelValues> images = images().stream().map(full::preprocess).toList();
      Logits.assertClose(half.logits(images), full.logits(images), 0.05f);
    }
  }

  @Test
  void refusesAnImageBySizeBeforeItsPixelsAreDecoded() throws Exception {
    byte[] huge = images().getFirst().clone();
    ByteBuffer.wrap(huge).putInt(PNG_WIDTH_AT, 60_000).putInt(PNG_WIDTH_AT + 4, 60_000);
    try (ImageClassification model = load(checkpoint("vit"))) {
      assertThatThrownBy(() -> model.predict(List.of(huge), Optional.empty(), 1))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("60000 x 60000");
    }
  }

  @Test
  void refusesWhatIsNoImage() throws Exception {
    byte[] truncated = Arrays.copyOf(images().getFirst(), 200);
    try (ImageClassification model = load(checkpoint("vit"))) {
      for (byte[] bytes :
          List.of(new byte[0], "no image".getBytes(StandardCharsets.UTF_8), truncated)) {
        assertThatThrownBy(() -> model.predict(List.of(bytes), Optional.empty(), 1))
            .isInstanceOf(ImageException.class);
      }
    }
  }

  @Test
  void refusesRequestsThatMakeNoSense() throws Exception {
    try (ImageClassification model = load(checkpoint("sizes"))) {
      assertThatThrownBy(() -> model.predict(images(), Optional.empty(), 0))
          .hasMessage("top_k is 0, expected a positive number");
      List<PixelValues> images = images().stream().map(model::preprocess).toList();
      assertThatThrownBy(() -> model.logits(images))
          .hasMessage("images of 18 x 24 and of 34 x 18 pixels in one batch, expected one size");
    }
  }

  @Test
  void refusesACheckpointThatDoesNotSayHowImagesArePrepared() throws Exception {
    Path directory = GoldenCase.copy(checkpoint("vit"), temp.resolve("model"));
    Files.delete(directory.resolve("preprocessor_config.json"));
    assertThatThrownBy(() -> load(directory))
        .isInstanceOf(ModelFilesException.class)
        .hasMessage("the checkpoint has no preprocessor_config.json");
  }

  @Test
  void refusesACheckpointOfTexts() throws Exception {
    Path directory =
        GoldenCase.copy(GoldenCase.named("single-label").directory(), temp.resolve("model"));
    Files.copy(
        checkpoint("vit").resolve("preprocessor_config.json"),
        directory.resolve("preprocessor_config.json"));
    assertThatThrownBy(() -> load(directory)).isInstanceOf(ModelFilesException.class);
  }
}
