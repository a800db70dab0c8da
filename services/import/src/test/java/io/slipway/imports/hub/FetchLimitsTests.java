package io.slipway.imports.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.hub.RepositoryFile;
import io.slipway.imports.ArtifactProperties;
import io.slipway.imports.ImportProperties;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class FetchLimitsTests {

  @TempDir private Path root;

  @Test
  void refusesAModelForWhichTheDiskHasNoRoomAndGivesTheFigures() {
    FetchLimits limits = limits(DataSize.ofTerabytes(1), DataSize.ofTerabytes(1_000_000));

    assertThatThrownBy(() -> limits.check(List.of(file(700, "0".repeat(64)))))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NO_SPACE))
        .hasMessageContaining("700 bytes")
        .hasMessageContaining("slipway.imports.keep-free");
  }

  @Test
  void needsNoRoomForWhatTheStoreHasAlready() {
    FetchLimits limits = limits(DataSize.ofTerabytes(1), DataSize.ofTerabytes(1_000_000));
    var stored =
        new FileSystemArtifactStore(root).write(new ByteArrayInputStream(new byte[700]), 700);

    assertThatCode(() -> limits.check(List.of(file(700, stored.digest().hex()))))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAModelOverTheLimitAndOneOfUnknownSize() {
    FetchLimits limits = limits(DataSize.ofBytes(1000), DataSize.ofBytes(0));

    assertThatThrownBy(() -> limits.check(List.of(file(600, null), file(401, null))))
        .hasMessageContaining("1001")
        .hasMessageContaining("1000");
    assertThatThrownBy(() -> limits.check(List.of(RepositoryFile.named("config.json"))))
        .hasMessageContaining("config.json");
    assertThatCode(() -> limits.check(List.of(file(600, null), file(400, null))))
        .doesNotThrowAnyException();
  }

  private static RepositoryFile file(long size, String sha256) {
    return new RepositoryFile("model.safetensors", size, "a".repeat(40), sha256);
  }

  private FetchLimits limits(DataSize maxSize, DataSize keepFree) {
    return new FetchLimits(
        new FileSystemArtifactStore(root),
        new ArtifactProperties(root, root),
        new ImportProperties(maxSize, keepFree, 3, Duration.ZERO, Duration.ZERO));
  }
}
