package io.slipway.modelfiles.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ImageDecodingTests {

  private static final Path FILES = Path.of("src/test/resources/image");

  static Stream<String> files() throws IOException {
    return golden().properties().stream().map(entry -> entry.getKey());
  }

  private static JsonNode golden() throws IOException {
    return new JsonMapper()
        .readTree(Files.readAllBytes(FILES.resolve("decoding.json")))
        .get("files");
  }

  @ParameterizedTest
  @MethodSource("files")
  void decodesToTheSamplesThatTheReferenceSees(String name) throws IOException {
    JsonNode expected = golden().get(name);
    RgbImage image = ImageDecoding.decode(Files.readAllBytes(FILES.resolve(name)));
    assertThat(image.height()).isEqualTo(expected.get("shape").get(0).asInt());
    assertThat(image.width()).isEqualTo(expected.get("shape").get(1).asInt());
    assertThat(image.samples())
        .isEqualTo(Base64.getDecoder().decode(expected.get("samples").asString()));
  }

  @Test
  void saysWhatBytesAreThatItCannotRead() {
    assertRefused(bytes("RIFF\0\0\0\0WEBPVP8 "), "WebP images are not supported, expected PNG");
    assertRefused(bytes("II*\0\0\0\0\0"), "TIFF images are not supported");
    assertRefused(bytes("\0\0\0\u001cftypavif"), "AVIF images are not supported");
    assertRefused(bytes("<svg"), "not an image: it begins with 3c 73 76 67, expected PNG");
    assertRefused(new byte[0], "not an image: it begins with nothing");
    assertRefused(bytes("GIF89a"), "the GIF image is");
    assertRefused(bytes("BM"), "the BMP image is");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb.png",
        "palette.png",
        "420.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "frame.gif",
        "rgb.bmp"
      })
  void refusesAFileThatIsCutOff(String name) throws IOException {
    byte[] whole = Files.readAllBytes(FILES.resolve(name));
    for (int length = 3; length < whole.length * 9 / 10; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThat(catchThrowable(() -> ImageDecoding.decode(cut)))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(ImageException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.png", "palette.png", "420.jpg", "cmyk.jpg", "screen.gif", "rgb.bmp"})
  void readsOrRefusesWhateverAFileHolds(String name) throws IOException {
    byte[] whole = Files.readAllBytes(FILES.resolve(name));
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      byte[] mutated = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      try {
        RgbImage image = ImageDecoding.decode(mutated);
        assertThat(image.samples()).hasSize(image.width() * image.height() * 3);
      } catch (ImageException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void looksAtTheSizeBeforeItDecodes() throws IOException {
    byte[] png = Files.readAllBytes(FILES.resolve("rgb.png"));
    ByteBuffer header = ByteBuffer.wrap(png);
    header.putInt(16, 100_000).putInt(20, 100_000);
    CRC32 checksum = new CRC32();
    checksum.update(png, 12, 17);
    header.putInt(29, (int) checksum.getValue());
    assertRefused(png, "has 100000 x 100000 pixels, expected 1 to 50000000");
    byte[] gif = Files.readAllBytes(FILES.resolve("screen.gif"));
    Arrays.fill(gif, 6, 10, (byte) 0xff);
    assertRefused(gif, "has 65535 x 65535 pixels");
  }

  private static void assertRefused(byte[] encoded, String message) {
    assertThatThrownBy(() -> ImageDecoding.decode(encoded))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(message);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
