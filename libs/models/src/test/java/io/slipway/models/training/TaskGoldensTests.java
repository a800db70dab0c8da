package io.slipway.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.slipway.models.GoldenCase;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.answers.AnsweredQuestion;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import io.slipway.models.training.answers.QuestionAnsweringGoal;
import io.slipway.models.training.classification.ImageClassificationGoal;
import io.slipway.models.training.classification.LabelledImage;
import io.slipway.models.training.language.LearnedText;
import io.slipway.models.training.language.TextGenerationGoal;
import io.slipway.models.training.language.TextPair;
import io.slipway.models.training.language.TextToTextGoal;
import io.slipway.models.training.language.TextToTextGoal.Writing;
import io.slipway.models.training.settings.LoraSettings;
import io.slipway.models.training.settings.Schedule;
import io.slipway.models.training.settings.TrainingSettings;
import io.slipway.models.training.words.LabelledWords;
import io.slipway.models.training.words.TokenClassificationGoal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Each task from rows as users have them, against what the reference makes of the same rows. */
class TaskGoldensTests {

  /** A task, its rows, and the losses of the reference's steps on all of them. */
  record Task<E>(String name, Path base, Goal<E> goal, List<E> rows, List<Double> losses) {

    FineTuning<E> start(TrainingSettings settings, Optional<LoraSettings> lora) throws Exception {
      return FineTuning.start(base, goal, rows, settings, lora, executor);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @OnCpu private static ComputeExecutor executor;

  static Stream<Task<?>> tasks() {
    JsonNode writing = golden("text-generation");
    List<LearnedText> texts =
        writing.get("texts").valueStream().map(text -> LearnedText.of(text.asString())).toList();
    int packed = writing.get("packed_length").asInt();
    return Stream.of(
        words(),
        questions(),
        task("text-generation", new TextGenerationGoal(40, false, true), texts, "losses"),
        task("text-generation", new TextGenerationGoal(packed, true, true), texts, "packed_losses"),
        task(
            "text-generation",
            new TextGenerationGoal(40, false, true),
            writing
                .get("completions")
                .valueStream()
                .map(
                    row ->
                        LearnedText.completion(
                            row.get("prompt").asString(), row.get("completion").asString()))
                .toList(),
            "completion_losses"),
        pairs(),
        images());
  }

  /** The text tasks once each, for what does not depend on the way that rows are read. */
  static Stream<Task<?>> each() {
    return Stream.of(words(), questions(), tasks().toList().get(4), pairs(), images());
  }

  private static JsonNode golden(String name) {
    return GoldenCase.json("task-training/" + name + "/golden.json");
  }

  private static <E> Task<E> task(String name, Goal<E> goal, List<E> rows, String losses) {
    return new Task<>(
        name + " " + losses,
        GoldenCase.checkpoint("task-training/" + name),
        goal,
        rows,
        golden(name).get(losses).valueStream().map(JsonNode::asDouble).toList());
  }

  private static Stream<JsonNode> rows(String name) {
    return golden(name).get("rows").valueStream();
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  private static Task<LabelledWords> words() {
    String name = "token-classification";
    return task(
        name,
        new TokenClassificationGoal(strings(golden(name).get("labels")), 40, false),
        rows(name)
            .map(
                row ->
                    new LabelledWords(
                        strings(row.get("words")),
                        row.get("labels").valueStream().map(JsonNode::asInt).toList()))
            .toList(),
        "losses");
  }

  private static Task<AnsweredQuestion> questions() {
    String name = "question-answering";
    JsonNode golden = golden(name);
    return task(
        name,
        new QuestionAnsweringGoal(
            golden.get("max_length").asInt(), golden.get("stride").asInt(), 16),
        rows(name)
            .map(
                row ->
                    new AnsweredQuestion(
                        row.get("question").asString(),
                        row.get("context").asString(),
                        row.get("answers")
                            .valueStream()
                            .map(
                                answer ->
                                    new Answer(
                                        answer.get("text").asString(), answer.get("start").asInt()))
                            .toList()))
            .toList(),
        "losses");
  }

  private static Task<TextPair> pairs() {
    String name = "text-to-text";
    return task(
        name,
        new TextToTextGoal(
            Writing.SUMMARIZATION, golden(name).get("prefix").asString(), 40, 20, true),
        rows(name)
            .map(row -> new TextPair(row.get("source").asString(), row.get("target").asString()))
            .toList(),
        "losses");
  }

  private static Task<LabelledImage> images() {
    String name = "image-classification";
    return task(
        name,
        new ImageClassificationGoal(List.of("O", "B-PER", "I-PER"), false),
        rows(name)
            .map(
                row ->
                    new LabelledImage(
                        Base64.getDecoder().decode(row.get("image").asString()),
                        row.get("label").asInt()))
            .toList(),
        "losses");
  }

  private static TrainingSettings settings(int epochs) {
    return TrainingSettings.defaults()
        .with()
        .epochs(epochs)
        .batchSize(64)
        .learningRate(1e-3)
        .schedule(Schedule.CONSTANT)
        .weightDecay(0)
        .maxGradientNorm(0)
        .shuffle(false)
        .settings();
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void lossesAreTheReferences(Task<?> task) throws Exception {
    try (FineTuning<?> training = task.start(settings(5), Optional.empty())) {
      for (double loss : task.losses()) {
        assertThat(training.step().loss()).isCloseTo(loss, within(1e-4 * loss));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  <E> void theModelLearnsItsRows(Task<E> task) throws Exception {
    TrainingSettings settings = settings(60).with().learningRate(1e-2).settings();
    try (FineTuning<E> training = task.start(settings, Optional.empty())) {
      Validation before = training.validate(task.rows());
      assertThat(before.loss()).isCloseTo(task.losses().getFirst(), within(1e-3));
      while (!training.finished()) {
        training.step();
      }
      Validation after = training.validate(task.rows());
      assertThat(after.loss()).isLessThan(before.loss() / 4);
      String best = after.metrics().keySet().iterator().next();
      if (!best.equals("perplexity")) {
        assertThat(after.metric(best)).as(best).isGreaterThan(0.8);
      } else {
        assertThat(after.metric(best)).isCloseTo(Math.exp(after.loss()), within(1e-9));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  <E> void resumesBitForBitWithAnAdapterToo(Task<E> task, @TempDir Path folder) throws Exception {
    for (Optional<LoraSettings> lora :
        List.of(Optional.<LoraSettings>empty(), Optional.of(LoraSettings.of(2, 4)))) {
      TrainingSettings settings = settings(4).with().batchSize(1).shuffle(true).settings();
      List<Double> whole = new ArrayList<>();
      Path checkpoint = folder.resolve("checkpoint-" + lora.isPresent());
      try (FineTuning<E> training = task.start(settings, lora)) {
        while (!training.finished()) {
          if (training.stepsTaken() == 3) {
            training.saveCheckpoint(checkpoint);
          }
          whole.add(training.step().loss());
        }
      }
      try (FineTuning<E> training = task.start(settings, lora)) {
        training.resume(checkpoint);
        List<Double> rest = new ArrayList<>();
        while (!training.finished()) {
          rest.add(training.step().loss());
        }
        assertThat(rest).isEqualTo(whole.subList(3, whole.size()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  <E> void aTrainedAdapterIsSavedApartAndMerged(Task<E> task, @TempDir Path folder)
      throws Exception {
    Path adapter = folder.resolve("adapter");
    Path merged = folder.resolve("merged");
    Validation trained;
    try (FineTuning<E> training = task.start(settings(3), Optional.of(LoraSettings.of(2, 4)))) {
      while (!training.finished()) {
        training.step();
      }
      trained = training.validate(task.rows());
      training.saveModel(adapter);
      training.saveMerged(merged);
    }
    assertThat(adapter).isDirectoryContaining("glob:**adapter_model.safetensors");
    TrainingSettings one = settings(1);
    try (FineTuning<E> whole = FineTuning.start(merged, task.goal(), task.rows(), one, executor)) {
      assertThat(whole.validate(task.rows()).loss()).isCloseTo(trained.loss(), within(1e-5));
    }
    try (FineTuning<E> further = task.start(one, Optional.of(LoraSettings.from(adapter)))) {
      assertThat(further.validate(task.rows()).loss()).isCloseTo(trained.loss(), within(1e-6));
    }
  }

  @Test
  void namesTargetsThatTheModelDoesNotHave() {
    assertThatThrownBy(
            () -> words().start(settings(1), Optional.of(LoraSettings.of(2, 4, List.of("q_proj")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"q_proj\"")
        .hasMessageContaining("query");
  }

  @Test
  void refusesAnAnswerThatDoesNotStandWhereItSays() {
    AnsweredQuestion row = new AnsweredQuestion("who?", "a fox", List.of(new Answer("fox", 1)));
    assertThatThrownBy(
            () ->
                FineTuning.start(
                    questions().base(), questions().goal(), List.of(row), settings(1), executor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"fox\" does not stand at character 1");
  }

  @Test
  void refusesWordsWithoutALabelEach() {
    LabelledWords row = new LabelledWords(List.of("a", "fox"), List.of(0));
    assertThatThrownBy(
            () ->
                FineTuning.start(
                    words().base(), words().goal(), List.of(row), settings(1), executor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 words and 1 labels");
  }
}
