package io.slipway.finetune.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.finetune.testing.AcceptingFineTune;
import io.slipway.finetune.testing.Material;
import io.slipway.finetune.testing.RunningFineTune;
import io.slipway.finetune.v1.ClassWeights;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.kit.errors.ErrorCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is accepted for the tasks beside labelled texts, and what is refused. Nothing runs here. */
class TaskAcceptanceTests {

  private static final String ENCODER = "models/acme/encoder/versions/1";
  private static final String DECODER = "models/acme/decoder/versions/1";
  private static final String CHAT = "models/acme/chat/versions/1";
  private static final String SEQ2SEQ = "models/acme/seq2seq/versions/1";
  private static final String VISION = "models/acme/vision/versions/1";

  private static final String CHATML =
      "{% for m in messages %}{{ '<' + m['role'] + '>' + m['content'] + '</s>' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<assistant>' }}{% endif %}";

  @TempDir private static Path directory;
  private static AcceptingFineTune accepting;
  private static Material material;
  private static RunningFineTune service;

  @BeforeAll
  static void start() {
    accepting = new AcceptingFineTune(directory);
    material = accepting.material;
    service = accepting.service;
    model(
        ENCODER,
        "token-classification",
        "bert",
        "BertForTokenClassification",
        ", \"max_position_embeddings\": 64, \"id2label\": {\"0\": \"O\", \"1\": \"B-LOC\"}");
    model(DECODER, "text-generation", "gpt2", "GPT2LMHeadModel", ", \"n_positions\": 32");
    model(
        SEQ2SEQ,
        "summarization",
        "t5",
        "T5ForConditionalGeneration",
        ", \"task_specific_params\": {\"summarization\": {\"prefix\": \"summarize: \"}}");
    model(VISION, "image-classification", "vit", "ViTForImageClassification", "");
    material.files(
        CHAT,
        "text-generation",
        Map.of(
            "config.json",
            config("gpt2", "GPT2LMHeadModel", ", \"n_positions\": 32"),
            "chat_template.jinja",
            CHATML));
  }

  private static void model(
      String name, String task, String modelType, String architecture, String more) {
    material.files(name, task, Map.of("config.json", config(modelType, architecture, more)));
  }

  private static String config(String modelType, String architecture, String more) {
    return "{\"model_type\": \"%s\", \"architectures\": [\"%s\"]%s}"
        .formatted(modelType, architecture, more);
  }

  @AfterAll
  static void stop() {
    accepting.close();
  }

  @Test
  void gathersTheTagsOfWordsInTheBasesOrder() {
    tagged(i -> "{\"tokens\": [\"in\", \"Rome%d\"], \"tags\": [\"O\", \"B-LOC\"]}".formatted(i));

    FineTuneJob job =
        service.create(
            job(ENCODER)
                .setHyperparameters(
                    Hyperparameters.newBuilder()
                        .setClassWeights(ClassWeights.newBuilder().putWeights("B-LOC", 2))));

    assertThat(job.getTask()).isEqualTo("token-classification");
    assertThat(job.getProblemType()).isEmpty();
    assertThat(job.getColumns())
        .isEqualTo(ColumnMapping.newBuilder().setTokens("tokens").setTags("tags").build());
    assertThat(job.getLabelsList()).containsExactly("O", "B-LOC");
    assertThat(job.getTrainRows()).isEqualTo(32);
    assertThat(job.getHyperparameters().getMetricForBestModel()).isEqualTo("f1");
    assertThat(job.getHyperparameters().getMaxLength()).isEqualTo(64);
    assertThat(service.get(job.getName())).isEqualTo(job);
  }

  @Test
  void refusesWordsAndTagsThatAreNotAsMany() {
    tagged(i -> "{\"tokens\": [\"in\", \"Rome%d\"], \"tags\": [\"O\"]}".formatted(i));

    accepting.assertRefused(
        job(ENCODER), ErrorCode.MALFORMED_DATASET, "Line 1", "2 words", "1 tags", "as many");
  }

  @Test
  void refusesWeightsOfTagsThatThereAreNot() {
    tagged(i -> "{\"tokens\": [\"in\", \"Rome%d\"], \"tags\": [\"O\", \"B-LOC\"]}".formatted(i));

    accepting.assertRefused(
        job(ENCODER)
            .setHyperparameters(
                Hyperparameters.newBuilder()
                    .setClassWeights(ClassWeights.newBuilder().putWeights("B-PER", 2))),
        ErrorCode.INVALID_ARGUMENT,
        "\"B-PER\"",
        "[O, B-LOC]");
  }

  @Test
  void takesAnEncoderForQuestions() {
    rows(
        List.of("question", "context", "answers"),
        i ->
            "{\"question\": \"Where?\", \"context\": \"%d in Rome\", \"answers\": {\"text\": [\"Rome\"], \"answer_start\": [%d]}}"
                .formatted(10 + i, 6));

    FineTuneJob job = service.create(job(ENCODER).setTask("question-answering"));

    assertThat(job.getLabelsList()).isEmpty();
    assertThat(job.getHyperparameters().getMaxLength()).isEqualTo(64);
    assertThat(job.getHyperparameters().getDocStride()).isEqualTo(21);
    assertThat(job.getHyperparameters().getMaxAnswerLength()).isEqualTo(30);
    assertThat(job.getHyperparameters().getBatchSize()).isEqualTo(16);
  }

  @Test
  void refusesAnAnswerThatIsNotInItsContext() {
    rows(
        List.of("question", "context", "answers"),
        i ->
            "{\"question\": \"Where?\", \"context\": \"%d in Rome\", \"answers\": {\"text\": [\"Paris\"], \"answer_start\": [6]}}"
                .formatted(10 + i));

    accepting.assertRefused(
        job(ENCODER).setTask("question-answering"),
        ErrorCode.MALFORMED_DATASET,
        "Line 1",
        "\"Paris\" does not stand at character 6");
  }

  @Test
  void takesAnEncoderDecoderForSummariesAndTranslations() {
    rows(
        List.of("article", "highlights"),
        i -> "{\"article\": \"a long text %d\", \"highlights\": \"a text\"}".formatted(i));

    FineTuneJob summaries = service.create(job(SEQ2SEQ));
    FineTuneJob translations =
        service.create(
            job(SEQ2SEQ)
                .setTask("translation")
                .setHyperparameters(
                    Hyperparameters.newBuilder()
                        .setSourcePrefix("translate: ")
                        .setPredictWithGenerate(true)
                        .setMetricForBestModel("chrf")));

    assertThat(summaries.getTask()).isEqualTo("summarization");
    assertThat(summaries.getColumns())
        .isEqualTo(ColumnMapping.newBuilder().setText("article").setTarget("highlights").build());
    assertThat(summaries.getHyperparameters().getMetricForBestModel()).isEqualTo("loss");
    assertThat(summaries.getHyperparameters().getMaxLength()).isEqualTo(512);
    assertThat(summaries.getHyperparameters().getMaxTargetLength()).isEqualTo(128);
    assertThat(summaries.getHyperparameters().getSourcePrefix()).isEqualTo("summarize: ");
    assertThat(translations.getTask()).isEqualTo("translation");
    assertThat(translations.getHyperparameters().getSourcePrefix()).isEqualTo("translate: ");
  }

  @Test
  void takesTextsPromptsAndConversationsForADecoder() {
    rows(List.of("text"), i -> "{\"text\": \"a text %d\"}".formatted(i));
    assertThat(service.create(job(DECODER)).getHyperparameters().getMaxLength()).isEqualTo(32);

    rows(
        List.of("prompt", "completion"),
        i -> "{\"prompt\": \"a %d\", \"completion\": \"b\"}".formatted(i));
    assertThat(service.create(job(DECODER)).getColumns().getCompletion()).isEqualTo("completion");

    conversations("user", "assistant");
    assertThat(service.create(job(CHAT)).getColumns().getMessages()).isEqualTo("messages");
  }

  @Test
  void refusesConversationsThatTheBaseCannotRead() {
    conversations("user", "assistant");

    accepting.assertRefused(
        job(DECODER), ErrorCode.INVALID_ARGUMENT, DECODER, "no chat template", "completions");
  }

  @Test
  void refusesConversationsInWhichNobodyAnswers() {
    conversations("user", "user");

    accepting.assertRefused(job(CHAT), ErrorCode.MALFORMED_DATASET, "Line 1", "the assistant's");
  }

  @Test
  void refusesConversationsWithoutContent() {
    rows(
        List.of("messages"),
        i ->
            "{\"messages\": [{\"role\": \"user\"}, {\"role\": \"assistant\", \"x\": %d}]}"
                .formatted(i));

    accepting.assertRefused(job(CHAT), ErrorCode.MALFORMED_DATASET, "Line 1", "chat template");
  }

  @Test
  void gathersTheLabelsOfImages() {
    images(TaskAcceptanceTests::png);

    FineTuneJob job =
        service.create(
            job(VISION).setColumns(ColumnMapping.newBuilder().putLabelNames("0", "cat")));

    assertThat(job.getLabelsList()).containsExactly("1", "cat");
    assertThat(job.getHyperparameters().getMaxLength()).isZero();
  }

  @Test
  void refusesWhatIsNoImage() {
    images(i -> Base64.getEncoder().encodeToString(("text " + i).getBytes(UTF_8)));
    accepting.assertRefused(
        job(VISION),
        ErrorCode.MALFORMED_DATASET,
        "Line 1",
        "not an image",
        "PNG, JPEG, GIF or BMP");

    images(i -> "photos/cat%d.png".formatted(i));
    accepting.assertRefused(job(VISION), ErrorCode.MALFORMED_DATASET, "Line 1", "base64");
  }

  @Test
  void takesNumbersForRegressionAndNamesTheValueAfterItsColumn() {
    rows(
        List.of("text", "stars"), i -> "{\"text\": \"t %d\", \"stars\": %d.5}".formatted(i, i % 5));
    FineTuneJob.Builder job =
        job(ENCODER)
            .setTask("text-classification")
            .setProblemType("regression")
            .setColumns(ColumnMapping.newBuilder().setLabel("stars"));

    FineTuneJob accepted = service.create(job);

    assertThat(accepted.getLabelsList()).containsExactly("stars");
    assertThat(accepted.getHyperparameters().getMetricForBestModel()).isEqualTo("loss");

    rows(List.of("text", "stars"), i -> "{\"text\": \"t %d\", \"stars\": \"many\"}".formatted(i));
    accepting.assertRefused(job, ErrorCode.MALFORMED_DATASET, "Line 1", "\"many\"", "a number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "models/acme/encoder/versions/1 | | text",
        "models/acme/encoder/versions/1 | question-answering | tags",
        "models/acme/seq2seq/versions/1 | | messages",
        "models/acme/vision/versions/1 | | tokens"
      })
  void refusesColumnsThatTheTaskDoesNotRead(String base, String task, String role) {
    rows(List.of("x"), i -> "{\"x\": \"%d\"}".formatted(i));
    ColumnMapping.Builder columns = ColumnMapping.newBuilder();
    columns.setField(ColumnMapping.getDescriptor().findFieldByName(role), "x");

    accepting.assertRefused(
        job(base).setTask(task == null ? "" : task).setColumns(columns),
        ErrorCode.INVALID_ARGUMENT,
        "names " + role,
        "expected for");
  }

  @ParameterizedTest
  @CsvSource({
    "models/acme/encoder/versions/1, tokens",
    "models/acme/decoder/versions/1, messages",
    "models/acme/seq2seq/versions/1, text",
    "models/acme/vision/versions/1, image"
  })
  void namesTheColumnThatIsMissing(String base, String role) {
    rows(List.of("label", "target", "tags"), i -> "{\"label\": 1, \"target\": 2, \"tags\": 3}");

    assertThatThrownBy(() -> service.create(job(base)))
        .satisfies(
            e ->
                assertThat(Status.fromThrowable(e).getDescription())
                    .contains(role, "[label, target, tags]"))
        .satisfies(
            e ->
                assertThat(Status.fromThrowable(e).getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT));
  }

  @Test
  void refusesSettingsOfOtherTasks() {
    conversations("user", "assistant");
    accepting.assertRefused(
        job(CHAT).setHyperparameters(Hyperparameters.newBuilder().setDocStride(8)),
        ErrorCode.INVALID_ARGUMENT,
        "hyperparameters.doc_stride is 8; expected none for text-generation");
    accepting.assertRefused(
        job(ENCODER)
            .setTask("question-answering")
            .setHyperparameters(
                Hyperparameters.newBuilder()
                    .setClassWeights(ClassWeights.newBuilder().setBalanced(true))),
        ErrorCode.INVALID_ARGUMENT,
        "hyperparameters.class_weights is set; expected none for question-answering");
    accepting.assertRefused(
        job(VISION).setHyperparameters(Hyperparameters.newBuilder().setMaxLength(16)),
        ErrorCode.INVALID_ARGUMENT,
        "hyperparameters.max_length is 16; expected none for image-classification");
    accepting.assertRefused(
        job(ENCODER).setColumns(ColumnMapping.newBuilder().setLabelSeparator(";")),
        ErrorCode.INVALID_ARGUMENT,
        "columns.label_separator is ;; expected none for token-classification");
    accepting.assertRefused(
        job(ENCODER)
            .setTask("text-classification")
            .setColumns(ColumnMapping.newBuilder().setLabelSeparator(";"))
            .setHyperparameters(Hyperparameters.newBuilder().setLabelSmoothing(0.1)),
        ErrorCode.INVALID_ARGUMENT,
        "label_smoothing is 0.1",
        "multi_label_classification");
  }

  @Test
  void refusesTasksThatAreNoneOrThatTheBaseCannotLearn() {
    accepting.assertRefused(
        job(ENCODER).setTask("fill-mask"),
        ErrorCode.INVALID_ARGUMENT,
        "\"fill-mask\"",
        "text-generation, image-classification");
    accepting.assertRefused(
        job(DECODER).setTask("token-classification"),
        ErrorCode.UNSUPPORTED_ARCHITECTURE,
        "GPT2LMHeadModel",
        "cannot be fine-tuned for token-classification, but for text-generation");
    accepting.assertRefused(
        job(ENCODER).setProblemType("regression"),
        ErrorCode.INVALID_ARGUMENT,
        "problem_type is \"regression\"; expected none for token-classification");
    accepting.assertRefused(
        job(ENCODER).setTask("text-classification").setProblemType("ranking"),
        ErrorCode.INVALID_ARGUMENT,
        "\"ranking\"",
        "regression");
  }

  private static FineTuneJob.Builder job(String base) {
    return FineTuneJob.newBuilder()
        .setBaseVersion(base)
        .setDataset(Material.DATASET)
        .setOutputModelId("acme/tuned");
  }

  private static void tagged(IntFunction<String> row) {
    rows(List.of("tokens", "tags"), row);
  }

  private static void conversations(String first, String second) {
    rows(
        List.of("messages"),
        i ->
            "{\"messages\": [{\"role\": \"%s\", \"content\": \"a%d\"}, {\"role\": \"%s\", \"content\": \"b\"}]}"
                .formatted(first, i, second));
  }

  private static void images(IntFunction<String> image) {
    rows(
        List.of("image", "label"),
        i -> "{\"image\": \"%s\", \"label\": %d}".formatted(image.apply(i), i % 2));
  }

  /** One pixel of a colour of its own. */
  private static String png(int i) {
    var bytes = new ByteArrayOutputStream();
    var pixel = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    pixel.setRGB(0, 0, i);
    try {
      ImageIO.write(pixel, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static void rows(List<String> columns, IntFunction<String> row) {
    material.jsonl(
        Material.DATASET,
        columns,
        IntStream.range(0, 40).mapToObj(row).collect(Collectors.joining("\n")));
  }
}
