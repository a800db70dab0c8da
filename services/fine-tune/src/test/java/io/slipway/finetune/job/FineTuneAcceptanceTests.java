package io.slipway.finetune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.dataset.v1.Split;
import io.slipway.finetune.testing.AcceptingFineTune;
import io.slipway.finetune.testing.Material;
import io.slipway.finetune.testing.RunningFineTune;
import io.slipway.finetune.v1.ClassWeights;
import io.slipway.finetune.v1.EarlyStopping;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.GetFineTuneJobRequest;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.ListFineTuneJobsRequest;
import io.slipway.finetune.v1.LoraConfig;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.identity.Caller;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is accepted, and what is refused before there is a job. Nothing runs here. */
class FineTuneAcceptanceTests {

  @TempDir private static Path directory;
  private static AcceptingFineTune accepting;
  private static Material material;
  private static RunningFineTune service;

  @BeforeAll
  static void start() {
    accepting = new AcceptingFineTune(directory);
    material = accepting.material;
    service = accepting.service;
    material.configOnly(Material.BASE, Material.bertConfig("yes", "no"));
    material.dataset(Material.DATASET, Material.rows(100, "no", "yes"));
  }

  @AfterAll
  static void stop() {
    accepting.close();
  }

  @Test
  void answersWithTheJobAndEverythingThatItWillDo() {
    FineTuneJob job =
        service.create(
            Material.job()
                .setBaseVersion("models/acme/base")
                .setHyperparameters(Hyperparameters.newBuilder().setEpochs(5)));

    assertThat(job.getName()).startsWith("fineTuneJobs/");
    assertThat(job.getStatus().getState())
        .isEqualTo(io.slipway.common.v1.JobState.JOB_STATE_QUEUED);
    assertThat(job.getBaseVersion()).isEqualTo(Material.BASE);
    assertThat(job.getHyperparameters().getEpochs()).isEqualTo(5);
    assertThat(job.getHyperparameters().getBatchSize()).isEqualTo(32);
    assertThat(job.getHyperparameters().getMaxLength()).isEqualTo(64);
    assertThat(job.getSplit().getValidationFraction()).isEqualTo(0.1);
    assertThat(job.getTrainRows()).isEqualTo(80);
    assertThat(job.getValidationRows()).isEqualTo(10);
    assertThat(job.getTestRows()).isEqualTo(10);
    // The base's own order, not the alphabet's.
    assertThat(job.getLabelsList()).containsExactly("yes", "no");
    assertThat(service.get(job.getName())).isEqualTo(job);
  }

  @Test
  void appliesTheMappingOfLabelsToTheResult() {
    FineTuneJob job =
        service.create(
            Material.job()
                .setColumns(
                    ColumnMapping.newBuilder()
                        .setText("text")
                        .setLabel("label")
                        .putLabelNames("no", "rejected")));

    assertThat(job.getLabelsList()).containsExactly("rejected", "yes");
  }

  @Test
  void findsTheLabelsInRowsThatHaveSeveral() {
    material.dataset("datasets/several", Material.rows(60, "urgent;bill", "bill", "", "urgent"));

    FineTuneJob job =
        service.create(
            Material.job()
                .setDataset("datasets/several")
                .setColumns(
                    ColumnMapping.newBuilder()
                        .setText("text")
                        .setLabel("label")
                        .setLabelSeparator(";")));

    assertThat(job.getLabelsList()).containsExactly("bill", "urgent");
    assertThat(job.getColumns().getLabelSeparator()).isEqualTo(";");
    assertThat(job.getTrainRows()).isGreaterThan(40);
  }

  @Test
  void makesOneJobOfARepeatedRequest() {
    FineTuneJob first = service.create(Material.job().setOutputModelId("acme/once"), "request-1");
    FineTuneJob second = service.create(Material.job().setOutputModelId("acme/once"), "request-1");

    assertThat(second).isEqualTo(first);
    accepting.assertRefused(
        Material.job().setOutputModelId("acme/other"),
        "request-1",
        ErrorCode.REQUEST_ID_REUSED,
        "request-1");
  }

  @Test
  void namesTheColumnThatIsMissingAndThoseThatThereAre() {
    accepting.assertRefused(
        Material.job().setColumns(ColumnMapping.newBuilder().setText("body").setLabel("label")),
        ErrorCode.MISSING_COLUMN,
        "'body'",
        "[text, label]");
  }

  @Test
  void refusesADatasetWithOneClassOnly() {
    material.dataset("datasets/one-class", Material.rows(40, "same"));

    accepting.assertRefused(
        Material.job().setDataset("datasets/one-class"), ErrorCode.ONE_CLASS_ONLY, "'same'");
  }

  @Test
  void refusesADatasetWithTooFewRows() {
    material.dataset("datasets/few", Material.rows(6, "a", "b"));

    accepting.assertRefused(
        Material.job().setDataset("datasets/few"), ErrorCode.MALFORMED_DATASET, "6 rows");
  }

  @Test
  void refusesAnEmptyDataset() {
    material.dataset("datasets/empty", "text,label\n");

    accepting.assertRefused(
        Material.job().setDataset("datasets/empty"), ErrorCode.MALFORMED_DATASET, "no rows");
  }

  @Test
  void namesTheRowWithoutALabel() {
    material.dataset("datasets/gap", Material.rows(20, "a", "b") + "no label here,\n");

    accepting.assertRefused(
        Material.job().setDataset("datasets/gap"), ErrorCode.MALFORMED_DATASET, "Line 22");
  }

  @Test
  void refusesAnUnknownDatasetAndAnUnknownBase() {
    accepting.assertRefused(
        Material.job().setDataset("datasets/none"), ErrorCode.NOT_FOUND, "datasets/none");
    accepting.assertRefused(
        Material.job().setBaseVersion("models/acme/none"), ErrorCode.NOT_FOUND, "models/acme/none");
  }

  @Test
  void refusesAnArchitectureThatCannotBeTuned() {
    material.configOnly(
        "models/acme/gpt/versions/1",
        """
        {"model_type": "rwkv", "architectures": ["RwkvForCausalLM"]}""");

    accepting.assertRefused(
        Material.job().setBaseVersion("models/acme/gpt/versions/1"),
        ErrorCode.UNSUPPORTED_ARCHITECTURE,
        "RwkvForCausalLM",
        "BertForSequenceClassification");
  }

  @Test
  void refusesHyperparametersOutOfRange() {
    accepting.assertRefused(
        Material.job().setHyperparameters(Hyperparameters.newBuilder().setEpochs(-3)),
        ErrorCode.INVALID_ARGUMENT,
        "hyperparameters.epochs is -3",
        "1 to 1000");
    accepting.assertRefused(
        Material.job().setHyperparameters(Hyperparameters.newBuilder().setMaxLength(65)),
        ErrorCode.INVALID_ARGUMENT,
        "max_length is 65",
        "the model's 64");
  }

  @Test
  void showsHowAnAdapterWillBeTrained() {
    FineTuneJob job =
        service.create(
            Material.job()
                .setHyperparameters(
                    Hyperparameters.newBuilder()
                        .setLora(LoraConfig.newBuilder().setR(4).addTargetModules("query"))
                        .setClassWeights(ClassWeights.newBuilder().setBalanced(true))
                        .setEarlyStopping(EarlyStopping.newBuilder().setPatience(2))));

    Hyperparameters filled = job.getHyperparameters();
    assertThat(filled.getLora().getR()).isEqualTo(4);
    assertThat(filled.getLora().getLoraAlpha()).isEqualTo(8);
    assertThat(filled.getLearningRate()).isEqualTo(2e-4);
    assertThat(filled.getMicroBatchSize()).isEqualTo(32);
    assertThat(filled.getLrSchedulerType()).isEqualTo("linear");
    assertThat(filled.getPrecision()).isEqualTo("fp32");
    assertThat(filled.getMetricForBestModel()).isEqualTo("macro_f1");
    assertThat(filled.getEarlyStopping().getPatience()).isEqualTo(2);
    assertThat(filled.getClassWeights().getBalanced()).isTrue();
    assertThat(service.get(job.getName())).isEqualTo(job);
  }

  @Test
  void refusesAdaptersForLayersThatTheBaseDoesNotHave() throws IOException {
    material.weights("models/acme/weighed/versions/1", Material.bertConfig("yes", "no"));
    FineTuneJob.Builder job = Material.job().setBaseVersion("models/acme/weighed/versions/1");

    accepting.assertRefused(
        job.setHyperparameters(
            Hyperparameters.newBuilder()
                .setLora(LoraConfig.newBuilder().addTargetModules("q_proj"))),
        ErrorCode.INVALID_ARGUMENT,
        "hyperparameters.lora.target_modules is \"q_proj\"",
        "[query]");
    assertThat(
            service
                .create(
                    job.setHyperparameters(
                        Hyperparameters.newBuilder()
                            .setLora(LoraConfig.newBuilder().addTargetModules("query"))))
                .getHyperparameters()
                .getLora()
                .getTargetModulesList())
        .containsExactly("query");
  }

  @Test
  void refusesASplitThatLeavesNothingToTrainOn() {
    accepting.assertRefused(
        Material.job().setSplit(Split.newBuilder().setValidationFraction(0.6)),
        ErrorCode.INVALID_ARGUMENT,
        "0.6",
        "0 to 0.5");
  }

  @Test
  void refusesAnOutputThatIsNoModelId() {
    accepting.assertRefused(
        Material.job().setOutputModelId("../escape"), ErrorCode.INVALID_ARGUMENT, "\"../escape\"");
  }

  @Test
  void refusesARequestThatNamesNothing() {
    accepting.assertRefused(
        Material.job().clearBaseVersion(), ErrorCode.INVALID_ARGUMENT, "base_version is empty");
    accepting.assertRefused(
        Material.job().clearDataset(), ErrorCode.INVALID_ARGUMENT, "dataset is empty");
  }

  @Test
  void findsColumnsThatHaveTheirUsualNames() {
    FineTuneJob job = service.create(Material.job().clearColumns());

    assertThat(job.getColumns())
        .isEqualTo(ColumnMapping.newBuilder().setText("text").setLabel("label").build());
    assertThat(job.getTask()).isEqualTo("text-classification");
    assertThat(job.getProblemType()).isEqualTo("single_label_classification");
  }

  @Test
  void showsAJobToItsOwnerAlone() {
    FineTuneJob job = service.create(Material.job());
    Caller stranger = new Caller("other-tenant", "apiKeys/x");

    assertThatThrownBy(
            () ->
                service.ask(
                    stranger,
                    api ->
                        api.getFineTuneJob(
                            GetFineTuneJobRequest.newBuilder().setName(job.getName()).build())))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal ->
                assertThat(GrpcErrors.fromException(refusal).code())
                    .isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void listsJobsInPagesNewestFirst() {
    var names =
        IntStream.range(0, 3).mapToObj(i -> service.create(Material.job()).getName()).toList();

    var first =
        service.ask(
            api ->
                api.listFineTuneJobs(ListFineTuneJobsRequest.newBuilder().setPageSize(2).build()));
    var second =
        service.ask(
            api ->
                api.listFineTuneJobs(
                    ListFineTuneJobsRequest.newBuilder()
                        .setPageSize(1)
                        .setPageToken(first.getNextPageToken())
                        .build()));

    assertThat(first.getFineTuneJobsList())
        .extracting(FineTuneJob::getName)
        .containsExactly(names.get(2), names.get(1));
    assertThat(second.getFineTuneJobs(0).getName()).isEqualTo(names.get(0));
  }

  @Test
  void cancelsAQueuedJobAtOnceAndOnlyOnce() {
    FineTuneJob job = service.create(Material.job());

    FineTuneJob cancelled = service.cancel(job.getName());
    FineTuneJob again = service.cancel(job.getName());

    assertThat(cancelled.getStatus().getState())
        .isEqualTo(io.slipway.common.v1.JobState.JOB_STATE_CANCELLED);
    assertThat(again).isEqualTo(cancelled);
  }
}
