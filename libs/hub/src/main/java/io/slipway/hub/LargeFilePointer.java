package io.slipway.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The text file that git keeps in place of a large one (git LFS specification, version 1). */
public final class LargeFilePointer {

  private LargeFilePointer() {}

  public static byte[] of(String sha256, long sizeBytes) {
    return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
        .formatted(sha256, sizeBytes)
        .getBytes(US_ASCII);
  }
}
