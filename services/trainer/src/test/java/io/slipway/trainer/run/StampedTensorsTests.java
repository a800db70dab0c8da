package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.safetensors.SafetensorsFile;
import io.slipway.trainer.testing.TinyBert;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StampedTensorsTests {

  @TempDir private Path directory;
  private Path original;

  @BeforeEach
  void write() throws IOException {
    original = TinyBert.write(directory, 0.05).resolve("model.safetensors");
  }

  @Test
  void leavesEveryTensorAsItWas() throws IOException {
    Path stamped = stamp("fineTuneJobs/a#1");

    try (SafetensorsFile before = SafetensorsFile.open(original);
        SafetensorsFile after = SafetensorsFile.open(stamped)) {
      assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
      before
          .tensors()
          .forEach(
              (name, tensor) -> {
                var same = after.tensors().get(name);
                assertThat(same.shape()).isEqualTo(tensor.shape());
                assertThat(same.data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(tensor.data().toArray(ValueLayout.JAVA_BYTE));
              });
    }
  }

  @Test
  void makesTheSameTensorsOfTwoRunsTwoContents() throws IOException {
    assertThat(stamp("fineTuneJobs/a#1")).hasSameBinaryContentAs(stamp("fineTuneJobs/a#1"));
    assertThat(Files.mismatch(stamp("fineTuneJobs/a#1"), stamp("fineTuneJobs/a#2")))
        .isNotNegative();
    assertThat(
            Files.readString(
                stamp("fineTuneJobs/a#1"), java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("\"format\":\"pt\"", "\"slipway_run\":\"fineTuneJobs/a#1\"");
  }

  @Test
  void refusesAFileThatIsNotSafetensors() throws IOException {
    Path junk =
        Files.writeString(directory.resolve("junk.safetensors"), "this is no header at all");

    assertThatThrownBy(() -> StampedTensors.open(junk, "x"))
        .hasMessageContaining("junk.safetensors");
  }

  private Path stamp(String stamp) throws IOException {
    Path file = Files.createTempFile(directory, "stamped", ".safetensors");
    try (InputStream content = StampedTensors.open(original, stamp)) {
      Files.write(file, content.readAllBytes());
    }
    return file;
  }
}
