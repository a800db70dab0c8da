package io.slipway.artifacts;

import java.nio.charset.StandardCharsets;

/** Decides whether a file name that came from outside may become a path below a directory. */
final class RelativePath {

  private static final int MAX_SEGMENT_BYTES = 255;
  private static final int MAX_PATH_BYTES = 2048;

  private RelativePath() {}

  /**
   * Returns {@code path} unchanged.
   *
   * @throws ArtifactStoreException UNSAFE_PATH when it is empty, absolute, too long, or has an
   *     empty, "." or ".." segment, a backslash or a control character
   */
  static String requireSafe(String path) {
    if (path.isEmpty()) {
      throw unsafe(path, "it is empty");
    }
    if (path.startsWith("/")) {
      throw unsafe(path, "it is absolute");
    }
    if (path.indexOf('\\') >= 0) {
      throw unsafe(path, "it has a backslash");
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw unsafe(path, "it has a control character");
    }
    if (bytes(path) > MAX_PATH_BYTES) {
      throw unsafe(path, "it is longer than " + MAX_PATH_BYTES + " bytes");
    }
    for (String segment : path.split("/", -1)) {
      requireSafeSegment(path, segment);
    }
    return path;
  }

  private static void requireSafeSegment(String path, String segment) {
    if (segment.isEmpty()) {
      throw unsafe(path, "it has an empty segment");
    }
    if (segment.equals(".") || segment.equals("..")) {
      throw unsafe(path, "it has a '" + segment + "' segment");
    }
    if (bytes(segment) > MAX_SEGMENT_BYTES) {
      throw unsafe(path, "a segment is longer than " + MAX_SEGMENT_BYTES + " bytes");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static ArtifactStoreException unsafe(String path, String why) {
    return new ArtifactStoreException(
        ArtifactStoreException.Kind.UNSAFE_PATH,
        "'"
            + printable(path)
            + "' cannot be a file of an artifact: "
            + why
            + "; expected a relative path with forward slashes");
  }

  private static String printable(String path) {
    String shown = path.length() > 200 ? path.substring(0, 200) + "..." : path;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
