package io.slipway.standalone.starterhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.CheckpointInspection;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterHubTests {
  @TempDir static Path shared;

  @TempDir Path directory;

  @BeforeAll
  static void generate() {
    StarterHub.generate(shared);
  }

  @Test
  void isTheSameByteForByteEveryTimeAlsoWhenTwoGenerateItAtOnce() throws Exception {
    List<CompletableFuture<Void>> both =
        Stream.generate(() -> CompletableFuture.runAsync(() -> StarterHub.generate(directory)))
            .limit(2)
            .toList();
    both.forEach(CompletableFuture::join);

    Map<String, Integer> first = contents(shared);
    assertThat(contents(directory)).isEqualTo(first);
    assertThat(first).containsKey("models/slipway-starter/bert-tiny-uncased/model.safetensors");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(directory.resolve("models"));
    }
  }

  @Test
  void leavesAHubThatIsThereAlone() throws Exception {
    Path mine = Files.createDirectories(directory.resolve("models/me/mine"));

    StarterHub.generate(directory);

    try (Stream<Path> owners = Files.list(directory.resolve("models"))) {
      assertThat(owners).containsExactly(mine.getParent());
    }
  }

  @Test
  void itsModelCanBeImportedTunedAndServed() throws Exception {
    Path model = shared.resolve("models").resolve(StarterHub.MODEL);
    assertThat(CheckpointInspection.inspect(model).verdict())
        .satisfies(
            verdict -> {
              assertThat(verdict.importable()).isTrue();
              assertThat(verdict.fineTunable()).isTrue();
              assertThat(verdict.servable()).isTrue();
            });
    assertThat(ModelConfig.read(model.resolve("config.json")).labels())
        .isEqualTo(SupportTeam.labels());
    assertThat(Files.readString(model.resolve("README.md")))
        .startsWith("---\nlicense: apache-2.0\n")
        .contains("pipeline_tag: text-classification");
  }

  @Test
  void theEncoderHasToBeTunedBeforeItIsServed() throws Exception {
    assertThat(CheckpointInspection.inspect(model("bert-tiny-encoder")).verdict())
        .satisfies(
            verdict -> {
              assertThat(verdict.fineTunable()).isTrue();
              assertThat(verdict.servable()).isFalse();
            });
  }

  @Test
  void theOthersAreRefusedForDifferentReasons() {
    assertThatThrownBy(() -> CheckpointInspection.inspect(model("bert-tiny-pickled")))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(ModelFilesException.Reason.PICKLED_WEIGHTS_ONLY));
    assertThatThrownBy(() -> CheckpointInspection.inspect(model("rwkv-tiny")))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e ->
                assertThat(e.reason())
                    .isEqualTo(ModelFilesException.Reason.UNSUPPORTED_ARCHITECTURE))
        .hasMessageContaining("RwkvForCausalLM");
  }

  @Test
  void theTokenizerReadsEveryMessageWithoutUnknownTokens() throws Exception {
    try (var tokenizer = TextTokenizer.open(model("bert-tiny-uncased"), 128)) {
      long unknown = tokenizer.specialToken("unk").orElseThrow();
      for (SupportMessage message : SupportMessages.generate(StarterHub.SEED).heldOut()) {
        var ids = tokenizer.encode(message.text()).ids();
        assertThat(ids).doesNotContain(unknown).hasSizeLessThan(100);
        assertThat(ids[0]).isEqualTo(tokenizer.specialToken("cls").orElseThrow());
      }
      assertThat(tokenizer.decode(tokenizer.encode("My parcel: zzyzxq!").ids()))
          .contains("parcel")
          .contains("zzyzxq");
    }
  }

  private static Path model(String name) {
    return shared.resolve("models").resolve(StarterHub.OWNER).resolve(name);
  }

  private static Map<String, Integer> contents(Path directory) throws IOException {
    Map<String, Integer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> contents.put(directory.relativize(file).toString(), hash(file)));
    }
    return contents;
  }

  private static int hash(Path file) {
    try {
      return Arrays.hashCode(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
