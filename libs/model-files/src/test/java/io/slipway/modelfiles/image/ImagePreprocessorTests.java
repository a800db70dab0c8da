package io.slipway.modelfiles.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ImagePreprocessorTests {

  private static final Path FILES = Path.of("src/test/resources/image");

  @TempDir Path temp;

  private ImagePreprocessor open(String config) throws IOException {
    Files.writeString(temp.resolve("preprocessor_config.json"), config);
    return ImagePreprocessor.open(temp);
  }

  @Test
  void givesTheValuesOfTheReferenceForEveryConfiguration() throws IOException {
    JsonNode cases =
        new JsonMapper()
            .readTree(Files.readAllBytes(FILES.resolve("processing.json")))
            .get("cases");
    for (JsonNode expected : cases) {
      String config = expected.get("config").toString();
      byte[] image = Files.readAllBytes(FILES.resolve(expected.get("image").asString()));
      PixelValues actual = open(config).preprocess(image);
      assertThat(new int[] {actual.channels(), actual.height(), actual.width()})
          .as(config)
          .containsExactly(
              expected.get("shape").values().stream().mapToInt(JsonNode::asInt).toArray());
      byte[] values = Base64.getDecoder().decode(expected.get("values").asString());
      boolean floats = expected.get("dtype").asString().equals("float32");
      ByteBuffer buffer = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < actual.values().length; i++) {
        float value = floats ? buffer.getFloat(i * Float.BYTES) : values[i] & 0xff;
        assertThat(actual.values()[i]).as("%s, value %d", config, i).isEqualTo(value);
      }
    }
    assertThat(cases).hasSizeGreaterThan(40);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"image_processor_type\": \"CLIPImageProcessor\"} | UNSUPPORTED_CONFIG | image_processor_type is CLIPImageProcessor, which is not supported; supported: ViTImageProcessor",
        "{\"do_pad\": true} | UNSUPPORTED_CONFIG | do_pad is true",
        "{\"size\": \"224\"} | MALFORMED_CONFIG | size is \"224\", expected a number, [height, width]",
        "{\"size\": {\"height\": 3}} | MALFORMED_CONFIG | expected a number, [height, width]",
        "{\"size\": {\"longest_edge\": 3}} | MALFORMED_CONFIG | expected a number, [height, width]",
        "{\"size\": {\"height\": 0, \"width\": 3}} | MALFORMED_CONFIG | edges that are positive integers",
        "{\"size\": -4} | MALFORMED_CONFIG | edges that are positive integers",
        "{\"resample\": 6} | MALFORMED_CONFIG | resample is 6, expected 0 to 5 (nearest, lanczos",
        "{\"resample\": \"bilinear\"} | MALFORMED_CONFIG | resample is \"bilinear\", expected an integer",
        "{\"do_resize\": 1} | MALFORMED_CONFIG | do_resize is 1, expected true or false",
        "{\"image_mean\": [0.5]} | MALFORMED_CONFIG | image_mean is [0.5], expected a number, or three",
        "{\"image_std\": [0.5, 0, 1]} | MALFORMED_CONFIG | expected no zeros",
        "{\"do_center_crop\": true} | MALFORMED_CONFIG | crop_size is",
        "{\"do_center_crop\": true, \"crop_size\": {\"shortest_edge\": 3}} | MALFORMED_CONFIG | expected a height and a width",
        "{\"image_processor_type\": \"ConvNextImageProcessor\", \"size\": {\"height\": 3, \"width\": 3}} | UNSUPPORTED_CONFIG | shortest_edge for ConvNextImageProcessor",
        "{\"crop_pct\": 0} | MALFORMED_CONFIG | crop_pct is 0.0, expected more than 0",
        "[] | MALFORMED_CONFIG | not a JSON object",
      })
  void refusesAConfigurationByTheNameOfTheField(String config, Reason reason, String message) {
    String named =
        config.contains("image_processor_type") || config.equals("[]")
            ? config
            : config.replaceFirst("\\{", "{\"image_processor_type\": \"ViTImageProcessor\", ");
    assertThatThrownBy(() -> open(named))
        .isInstanceOfSatisfying(
            ModelFilesException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  @Test
  void takesTheTypeFromTheModelWhereTheFileNamesNone() throws IOException {
    assertThatThrownBy(() -> ImagePreprocessor.open(temp))
        .hasMessageContaining("no preprocessor_config.json");
    assertThatThrownBy(() -> open("{}"))
        .hasMessageContaining("no field \"image_processor_type\", which is required");
    Files.writeString(temp.resolve("config.json"), "{\"model_type\": \"resnet\"}");
    byte[] photo = Files.readAllBytes(FILES.resolve("photo.png"));
    assertThat(open("{\"size\": 12}").preprocess(photo).width()).isEqualTo(12);
    Files.writeString(temp.resolve("config.json"), "{\"model_type\": \"bit\"}");
    assertThat(open("{\"size\": 12, \"crop_size\": 11}").preprocess(photo).width()).isEqualTo(11);
    Files.writeString(temp.resolve("config.json"), "{\"model_type\": \"swin\"}");
    assertThatThrownBy(() -> open("{}")).hasMessageContaining("model_type swin");
  }

  @Test
  void cutsToTheSizeOfItsClassWhereNoneIsNamed() throws IOException {
    byte[] tall = Files.readAllBytes(FILES.resolve("photo-tall.png"));
    PixelValues values = open("{\"image_processor_type\": \"BitImageProcessor\"}").preprocess(tall);
    assertThat(values.height()).isEqualTo(224);
    assertThat(values.width()).isEqualTo(224);
  }

  @Test
  void refusesAnImageWhoseResizedFormIsTooLarge() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(4000, 1, BufferedImage.TYPE_INT_RGB), "png", line);
    ImagePreprocessor preprocessor =
        open(
            "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"shortest_edge\": 224}}");
    assertThatThrownBy(() -> preprocessor.preprocess(line.toByteArray()))
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "an image of 4000 x 1 pixels would be resized to 896000 x 224, expected 1 to 50000000"
                + " pixels");
  }
}
