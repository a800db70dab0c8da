package io.slipway.imports.job;

import static io.slipway.imports.testing.PlatformClient.failureOf;
import static io.slipway.imports.testing.PlatformClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.common.v1.JobState;
import io.slipway.imports.testing.Platform;
import io.slipway.imports.testing.PlatformClient;
import io.slipway.imports.v1.CreateImportRequest;
import io.slipway.imports.v1.FineTuneSource;
import io.slipway.imports.v1.Import;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.ModelVersion.Verification;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FineTuneImportTests {

  private final Platform platform = Platform.shared();
  private final String tenant = "tenant-" + UUID.randomUUID();
  private final PlatformClient user = platform.client(tenant);
  private final PlatformClient job = platform.client(tenant, "fineTuneJobs/tickets-1");

  @AfterEach
  void close() {
    user.close();
    job.close();
  }

  @Test
  void registersTheResultOfAFineTuningJobWithItsOrigin() throws IOException {
    Import done = job.awaitEnd(create(job, source(checkpoint("result", 100))));

    assertThat(done.getModelVersion()).isEqualTo("models/acme/tickets-tuned/versions/1");
    ModelVersion version =
        user.registry.getModelVersion(
            GetModelVersionRequest.newBuilder().setName(done.getModelVersion()).build());
    var origin = version.getOrigin().getFineTune();
    assertThat(origin.getFineTuneJob()).isEqualTo("fineTuneJobs/tickets-1");
    assertThat(origin.getBaseVersion()).isEqualTo("models/acme/base/versions/3");
    assertThat(origin.getDataset()).isEqualTo("datasets/tickets");
    assertThat(version.getFilesCount()).isEqualTo(5);
    assertThat(version.getTask()).isEqualTo("text-classification");
    assertThat(version.getVerification()).isEqualTo(Verification.VERIFICATION_SMOKE_RUN);
  }

  @ParameterizedTest
  @CsvSource({
    "bert, BertForTokenClassification, token-classification, token-classification",
    "bert, BertForQuestionAnswering, question-answering, question-answering",
    "gpt2, GPT2LMHeadModel, text-generation, text-generation",
    "t5, T5ForConditionalGeneration, translation, translation",
    "t5, T5ForConditionalGeneration, summarization, summarization",
    "bert, BertForTokenClassification, translation, token-classification"
  })
  void registersAResultThatNoWorkerServesWithItsTaskAndSaysThatItWasNotRun(
      String modelType, String architecture, String tunedFor, String task) throws IOException {
    platform.neighbours.repository("local/unserved", 10).config(modelType, architecture);

    Import done =
        job.awaitEnd(
            create(
                job,
                source(stored("unserved")).toBuilder()
                    .setFineTuneJob("fineTuneJobs/" + UUID.randomUUID())
                    .setTask(tunedFor)
                    .build()));

    ModelVersion version = version(done);
    assertThat(version.getTask()).isEqualTo(task);
    assertThat(version.getVerification()).isEqualTo(Verification.VERIFICATION_FILES);
    assertThat(platform.neighbours.compute.acquired)
        .noneMatch(grant -> grant.getHolder().equals(done.getName()));
  }

  @Test
  void registersATaggerWithItsLabels() throws IOException {
    platform
        .neighbours
        .repository("local/tagger", 10)
        .config("bert", "BertForTokenClassification", "O", "B-LOC");

    Import done = job.awaitEnd(create(job, source(stored("tagger"))));

    assertThat(version(done).getLabelsList()).containsExactly("O", "B-LOC");
  }

  private ModelVersion version(Import done) {
    return user.registry.getModelVersion(
        GetModelVersionRequest.newBuilder().setName(done.getModelVersion()).build());
  }

  @Test
  void registersAnAdapterBesideTheModelThatItWasMergedInto() throws IOException {
    List<ArtifactFile> files = new ArrayList<>(checkpoint("merged", 100));
    var store = new FileSystemArtifactStore(platform.neighbours.artifacts);
    for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
      byte[] content = name.getBytes(StandardCharsets.UTF_8);
      files.add(
          store
              .write(new ByteArrayInputStream(content), content.length)
              .at("adapter/" + name)
              .toProto());
    }

    Import done = job.awaitEnd(create(job, source(files)));

    assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(
            user.registry
                .getModelVersion(
                    GetModelVersionRequest.newBuilder().setName(done.getModelVersion()).build())
                .getFilesList())
        .extracting(ArtifactFile::getPath)
        .contains("model.safetensors", "adapter/adapter_config.json");
  }

  @Test
  void makesOneImportHoweverManyAttemptsOfAJobHandOverAResult() throws IOException {
    Import first = create(job, source(checkpoint("first", 100)));
    Import second = create(job, source(checkpoint("second", 101)));

    assertThat(second.getName()).isEqualTo(first.getName());
    assertThat(job.awaitEnd(first).getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
  }

  @Test
  void isNotForUsers() throws IOException {
    FineTuneSource source = source(checkpoint("forged", 100));

    assertThat(refusal(() -> create(user, source))).isEqualTo(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void refusesFilesWithHostileNames() {
    ArtifactFile file =
        ArtifactFile.newBuilder().setPath("../config.json").setSha256("0".repeat(64)).build();

    assertThat(refusal(() -> create(job, source(List.of(file)))))
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal(() -> create(job, source(List.of())))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void refusesFilesThatAreNotInTheStore() {
    ArtifactFile file =
        ArtifactFile.newBuilder().setPath("config.json").setSha256("0".repeat(64)).build();

    Import failed = job.awaitEnd(create(job, source(List.of(file))));

    assertThat(failureOf(failed)).isEqualTo(ErrorCode.MALFORMED_MODEL);
    assertThat(failed.getStatus().getError().getMessage()).contains("0".repeat(64));
  }

  @Test
  void registersAnEncoderWithoutAHeadWithoutTryingIt() throws IOException {
    platform.neighbours.repository("acme/encoder", 10).config("bert", "BertModel");

    Import done = user.awaitEnd(user.importModel("acme/encoder"));

    assertThat(done.getModelVersion()).isEqualTo("models/acme/encoder/versions/1");
    assertThat(platform.neighbours.compute.acquired)
        .noneMatch(grant -> grant.getHolder().equals(done.getName()));
  }

  private List<ArtifactFile> checkpoint(String name, int weights) throws IOException {
    platform.neighbours.repository("local/" + name, weights);
    return stored(name);
  }

  private List<ArtifactFile> stored(String name) throws IOException {
    var store = new FileSystemArtifactStore(platform.neighbours.artifacts);
    Path directory = platform.neighbours.repositories.resolve("local/" + name);
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> store.write(file).at(file.getFileName().toString()).toProto())
          .toList();
    }
  }

  private static FineTuneSource source(List<ArtifactFile> files) {
    return FineTuneSource.newBuilder()
        .setFineTuneJob("fineTuneJobs/tickets-1")
        .setModelId("acme/tickets-tuned")
        .setBaseVersion("models/acme/base/versions/3")
        .setDataset("datasets/tickets")
        .addAllFiles(files)
        .build();
  }

  private static Import create(PlatformClient client, FineTuneSource source) {
    return client.imports.createImport(
        CreateImportRequest.newBuilder()
            .setImport(Import.newBuilder().setFineTune(source))
            .build());
  }
}
