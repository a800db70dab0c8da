package io.slipway.imports.job;

import static io.slipway.imports.testing.PlatformClient.failureOf;
import static io.slipway.imports.testing.PlatformClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.common.v1.JobState;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.imports.testing.Compute;
import io.slipway.imports.testing.HostileHub;
import io.slipway.imports.testing.Platform;
import io.slipway.imports.testing.PlatformClient;
import io.slipway.imports.testing.TestHub.Request;
import io.slipway.imports.testing.TinyCheckpoint;
import io.slipway.imports.testing.Worker;
import io.slipway.imports.v1.Import;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.registry.v1.ListModelsRequest;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedImportTests {

  private final Platform platform = Platform.shared();
  private final PlatformClient client = platform.client("tenant-" + UUID.randomUUID());

  @AfterEach
  void registersNothing() {
    assertThat(client.registry.listModels(ListModelsRequest.getDefaultInstance()).getModelsList())
        .isEmpty();
    client.close();
    platform.neighbours.reset();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a/b/c", "acme/../etc", "acme/a b", "/acme", "acme/", "acme/.git", "ac\nme/x"})
  void refusesAMalformedModelId(String id) {
    assertThat(refusal(() -> client.importModel(id))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a..b", "-x", "a b", "x^", "/main", "a\\b"})
  void refusesAMalformedRevision(String revision) {
    assertThat(refusal(() -> client.importModel("acme/x", revision, "")))
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void namesAModelThatTheHubDoesNotHave() {
    Import failed = awaitFailure("acme/nowhere", ErrorCode.REPOSITORY_NOT_FOUND);

    assertThat(failed.getStatus().getError().getMessage()).contains("acme/nowhere");
    assertThat(failed.getStatus().getAttempt()).isEqualTo(1);
  }

  @Test
  void saysThatARepositoryIsGated() {
    platform.neighbours.repository("acme/gated", 10);
    platform.neighbours.hub.gated.add("acme/gated");

    awaitFailure("acme/gated", ErrorCode.REPOSITORY_GATED);
  }

  @Test
  void namesARevisionThatTheRepositoryDoesNotHave() {
    platform.neighbours.repository("acme/branches", 10);

    Import failed = client.awaitEnd(client.importModel("acme/branches", "v9", ""));

    assertThat(failureOf(failed)).isEqualTo(ErrorCode.REVISION_NOT_FOUND);
    assertThat(failed.getStatus().getError().getMessage()).contains("v9");
  }

  @Test
  void triesAgainAndThenGivesUpWhenTheChecksumIsWrong() {
    platform.neighbours.repository("acme/corrupt", 1000);
    platform.neighbours.hub.wrongChecksum.add("acme/corrupt");

    Import failed = awaitFailure("acme/corrupt", ErrorCode.CHECKSUM_MISMATCH);

    assertThat(failed.getStatus().getAttempt()).isEqualTo(4);
  }

  @Test
  void refusesPickledWeightsWithoutFetchingThem() {
    platform
        .neighbours
        .repository("acme/pickled", 10)
        .without("model.safetensors")
        .file("pytorch_model.bin", "a pickle");

    Import failed = awaitFailure("acme/pickled", ErrorCode.PICKLED_WEIGHTS_ONLY);

    assertThat(failed.getStatus().getError().getMessage()).contains("pytorch_model.bin");
    assertThat(platform.neighbours.hub.requestsOf("acme/pickled")).isEmpty();
  }

  @Test
  void refusesAnUnsupportedArchitectureBeforeItFetchesWeights() {
    platform
        .neighbours
        .repository("acme/novel", 10)
        .config("quantum", "QuantumForSequenceClassification", "a", "b");

    Import failed = awaitFailure("acme/novel", ErrorCode.UNSUPPORTED_ARCHITECTURE);

    assertThat(failed.getStatus().getError().getMessage())
        .contains("QuantumForSequenceClassification", "BertForSequenceClassification");
    assertThat(platform.neighbours.hub.requestsOf("acme/novel"))
        .extracting(Request::path)
        .containsOnly("config.json");
  }

  @Test
  void refusesAModelThatIsLargerThanTheLimit() {
    platform.neighbours.repository("acme/huge", 2_100_000);

    Import failed = awaitFailure("acme/huge", ErrorCode.TOO_LARGE);

    assertThat(failed.getStatus().getError().getMessage()).contains("8388608");
    assertThat(platform.neighbours.hub.requestsOf("acme/huge")).isEmpty();
  }

  static Stream<Arguments> malformations() {
    String tensor = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    return Stream.of(
        malformed("truncated", checkpoint -> checkpoint.truncatedBy(5)),
        malformed(
            "overlapping",
            checkpoint -> {
              String header =
                  "{"
                      + tensor
                      + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
              checkpoint.rawWeights(header, header.length(), 12);
            }),
        malformed("huge-header", checkpoint -> checkpoint.rawWeights("{}", 1L << 40, 8)),
        malformed("negative-header", checkpoint -> checkpoint.rawWeights("{}", -1, 8)),
        malformed(
            "wrong-dtype",
            checkpoint -> {
              String header = "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}";
              checkpoint.rawWeights(header, header.length(), 8);
            }),
        malformed("no-json", checkpoint -> checkpoint.file("config.json", "{\"model_type\":")),
        malformed("no-tokenizer", checkpoint -> checkpoint.without("tokenizer.json")),
        malformed("bad-tokenizer", checkpoint -> checkpoint.file("tokenizer.json", "[]")),
        malformed("no-config", checkpoint -> checkpoint.without("config.json")),
        malformed("no-weights", checkpoint -> checkpoint.without("model.safetensors")),
        malformed(
            "missing-shard",
            checkpoint ->
                checkpoint
                    .without("model.safetensors")
                    .file(
                        "model.safetensors.index.json",
                        "{\"metadata\":{},\"weight_map\":{\"a\":\"model-00001-of-00001.safetensors\"}}")),
        malformed(
            "shard-elsewhere",
            checkpoint ->
                checkpoint
                    .without("model.safetensors")
                    .file(
                        "model.safetensors.index.json",
                        "{\"metadata\":{},\"weight_map\":{\"a\":\"../../secret.safetensors\"}}")));
  }

  private static Arguments malformed(String name, Consumer<TinyCheckpoint> damage) {
    return Arguments.of(name, damage);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformations")
  void refusesAMalformedModel(String name, Consumer<TinyCheckpoint> damage) {
    damage.accept(platform.neighbours.repository("acme/malformed-" + name, 100));

    Import failed = awaitFailure("acme/malformed-" + name, ErrorCode.MALFORMED_MODEL);

    assertThat(failed.getStatus().getAttempt()).isEqualTo(1);
    assertThat(platform.neighbours.compute.acquired)
        .noneMatch(grant -> grant.getHolder().equals(failed.getName()));
  }

  @Test
  void refusesARepositoryWithAHostileFileName() throws IOException {
    try (HostileHub hub = HostileHub.start();
        Platform victim =
            Platform.start(
                platform.neighbours,
                SharedInfrastructure.newDatabase(),
                "--slipway.hub.endpoint=" + hub.endpoint());
        PlatformClient there = victim.client("acme")) {
      for (String path : List.of("../../outside.json", "/etc/config.json", "a\\..\\b.json")) {
        hub.name(path);

        Import failed = there.awaitEnd(there.importModel("acme/hostile"));

        assertThat(failureOf(failed)).as(path).isEqualTo(ErrorCode.MALFORMED_MODEL);
        assertThat(failed.getStatus().getError().getMessage()).contains("unsafe name");
      }
    }
  }

  @Test
  void failsWithWhatTheGrantFailedWith() {
    platform.neighbours.repository("acme/unloadable", 10);
    platform.neighbours.compute.mode = Compute.Mode.FAILED;

    Import failed = awaitFailure("acme/unloadable", ErrorCode.MODEL_LOAD_FAILED);

    assertThat(failed.getStatus().getError().getMessage()).contains("bert.pooler.dense.weight");
    assertThat(platform.neighbours.compute.holders()).doesNotContain(failed.getName());
  }

  @Test
  void refusesAModelWhoseScoresAreNotFinite() {
    platform.neighbours.repository("acme/broken", 10);
    platform.neighbours.worker.mode = Worker.Mode.NOT_FINITE;

    Import failed = awaitFailure("acme/broken", ErrorCode.MALFORMED_MODEL);

    assertThat(failed.getStatus().getError().getMessage()).contains("NaN");
    assertThat(platform.neighbours.compute.holders()).doesNotContain(failed.getName());
  }

  @Test
  void refusesAModelThatAnswersWithOtherLabels() {
    platform.neighbours.repository("acme/confused", 10);
    platform.neighbours.worker.mode = Worker.Mode.OTHER_LABELS;

    Import failed = awaitFailure("acme/confused", ErrorCode.MALFORMED_MODEL);

    assertThat(failed.getStatus().getError().getMessage()).contains("complaint?", "praise");
  }

  private Import awaitFailure(String modelId, ErrorCode code) {
    Import ended = client.awaitEnd(client.importModel(modelId));
    assertThat(ended.getStatus().getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(failureOf(ended)).isEqualTo(code);
    assertThat(ended.getModelVersion()).isEmpty();
    return ended;
  }
}
