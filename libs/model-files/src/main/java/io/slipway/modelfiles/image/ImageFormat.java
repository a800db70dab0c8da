package io.slipway.modelfiles.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Formats told by the first bytes of a file. */
enum ImageFormat {
  PNG("89504e470d0a1a0a"),
  JPEG("ffd8ff"),
  GIF("47494638"),
  BMP("424d");

  private static final int SHOWN_BYTES = 8;

  private final byte[] signature;

  ImageFormat(String signature) {
    this.signature = HexFormat.of().parseHex(signature);
  }

  static ImageFormat of(byte[] encoded) {
    return Arrays.stream(values())
        .filter(format -> startsWith(encoded, 0, format.signature))
        .findFirst()
        .orElseThrow(
            () ->
                new ImageException(
                    "%s, expected PNG, JPEG, GIF or BMP"
                        .formatted(
                            unsupported(encoded)
                                .map(name -> name + " images are not supported")
                                .orElse("not an image: it begins with " + shown(encoded)))));
  }

  private static Optional<String> unsupported(byte[] encoded) {
    if (startsWith(encoded, 0, ascii("RIFF")) && startsWith(encoded, 8, ascii("WEBP"))) {
      return Optional.of("WebP");
    }
    if (startsWith(encoded, 0, ascii("II*\0")) || startsWith(encoded, 0, ascii("MM\0*"))) {
      return Optional.of("TIFF");
    }
    if (startsWith(encoded, 4, ascii("ftypavif"))) {
      return Optional.of("AVIF");
    }
    if (startsWith(encoded, 4, ascii("ftyphei"))) {
      return Optional.of("HEIF");
    }
    return Optional.empty();
  }

  static boolean startsWith(byte[] bytes, int at, byte[] part) {
    return at >= 0
        && bytes.length - at >= part.length
        && Arrays.equals(bytes, at, at + part.length, part, 0, part.length);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String shown(byte[] bytes) {
    return bytes.length == 0
        ? "nothing"
        : HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(SHOWN_BYTES, bytes.length));
  }
}
