package io.slipway.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slipway.artifacts.ArtifactStoreException.Kind;
import io.slipway.common.v1.ArtifactFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredFileTests {

  private static final Digest DIGEST = Digest.ofText("x");

  @ParameterizedTest
  @ValueSource(
      strings = {"config.json", "onnx/model.onnx", "a/b/c", ".gitattributes", "..a", "ü ✓"})
  void acceptsOrdinaryRelativePaths(String path) {
    assertThat(new StoredFile(path, DIGEST, 1).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "a\0b",
        "a\nb"
      })
  void refusesPathsThatCouldLeaveTheirDirectory(String path) {
    assertThatExceptionOfType(ArtifactStoreException.class)
        .isThrownBy(() -> new StoredFile(path, DIGEST, 1))
        .returns(Kind.UNSAFE_PATH, ArtifactStoreException::kind);
  }

  @Test
  void refusesNamesThatNoFileSystemTakes() {
    assertThatExceptionOfType(ArtifactStoreException.class)
        .isThrownBy(() -> new StoredFile("a".repeat(256), DIGEST, 1))
        .withMessageContaining("255 bytes");
  }

  @Test
  void survivesTheWayThroughAMessage() {
    var file = new StoredFile("a/b", DIGEST, 7);

    assertThat(StoredFile.fromProto(file.toProto())).isEqualTo(file);
  }

  @Test
  void refusesAMessageWithAnUnsafePathOrABadDigest() {
    ArtifactFile valid = new StoredFile("a", DIGEST, 7).toProto();

    assertThatExceptionOfType(ArtifactStoreException.class)
        .isThrownBy(() -> StoredFile.fromProto(valid.toBuilder().setPath("../a").build()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoredFile.fromProto(valid.toBuilder().setSha256("ABC").build()))
        .withMessageContaining("ABC");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoredFile.fromProto(valid.toBuilder().setSizeBytes(-1).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "../../../../etc/passwd"})
  void refusesDigestsThatAreNone(String hex) {
    assertThatIllegalArgumentException().isThrownBy(() -> Digest.of(hex));
  }

  @Test
  void refusesUpperCaseDigests() {
    assertThatIllegalArgumentException().isThrownBy(() -> Digest.of("A".repeat(64)));
  }
}
