package io.slipway.datasets.columns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.FineTuneData;
import io.slipway.datasets.Part;
import io.slipway.datasets.RowMapping;
import io.slipway.datasets.Split;
import io.slipway.datasets.columns.AnsweredQuestion.Answer;
import io.slipway.datasets.columns.WrittenText.Completion;
import io.slipway.datasets.columns.WrittenText.Conversation;
import io.slipway.datasets.columns.WrittenText.Plain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskColumnsTests {

  @TempDir private Path directory;

  private static final WordColumns WORDS = new WordColumns("tokens", "tags", Map.of());
  private static final QuestionColumns QUESTIONS =
      new QuestionColumns("question", "context", "answers");

  @Test
  void readsTaggedWordsAsListsAndBetweenBlanks() {
    WordColumns numbered = new WordColumns("tokens", "tags", Map.of("3", "B-LOC", "0", "O"));

    assertThat(jsonl(numbered, "{\"tokens\": [\"in\", \"New York\"], \"tags\": [0, 3]}"))
        .containsExactly(new TaggedWords(List.of("in", "New York"), List.of("O", "B-LOC")));
    assertThat(csv(WORDS, "tokens,tags\nin  [Rome],O B-LOC\n"))
        .containsExactly(new TaggedWords(List.of("in", "[Rome]"), List.of("O", "B-LOC")));
  }

  @Test
  void namesTheLineWhoseWordsAndTagsAreNotAsMany() {
    assertRefused(Reason.WRONG_VALUE, () -> csv(WORDS, "tokens,tags\na b,O O\na b c,O O\n"))
        .withMessageContaining("Line 3")
        .withMessageContaining("3 words")
        .withMessageContaining("2 tags");
  }

  @Test
  void countsTheTagsOfWordsAndLetsRareOnesBeAnywhere() {
    String rows =
        IntStream.range(0, 40)
            .mapToObj(i -> "w%d in Rome,O O %s\n".formatted(i, i == 7 ? "B-ODD" : "B-LOC"))
            .collect(Collectors.joining());

    FineTuneData<TaggedWords> data =
        FineTuneData.check(file("tokens,tags\n" + rows, DatasetFormat.CSV), WORDS, Split.DEFAULT);

    assertThat(data.labels().labels()).containsExactly("B-LOC", "B-ODD", "O");
    assertThat(Stream.of(Part.values()).mapToLong(part -> data.counts().get(part).get("O")).sum())
        .isEqualTo(80);
    assertThat(data.assignment().size(Part.VALIDATION)).isEqualTo(4);
  }

  @Test
  void readsQuestionsInTheLayoutOfSquad() {
    String row =
        """
        {"question": "Where?", "context": "\\ud83d\\ude00 in Rome", "answers": {"text": ["Rome"], "answer_start": [5]}}
        """;

    assertThat(jsonl(QUESTIONS, row))
        .singleElement()
        .satisfies(read -> assertThat(read.answers()).containsExactly(new Answer("Rome", 5)));
    assertThat(
            jsonl(
                QUESTIONS,
                "{\"question\": \"Who?\", \"context\": \"x\", \"answers\": {\"text\": [], \"answer_start\": []}}"))
        .singleElement()
        .satisfies(read -> assertThat(read.answers()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\": [\"Rome\"], \"answer_start\": [4]} | \"Rome\" does not stand at character 4",
        "{\"text\": [\"Rome\"], \"answer_start\": [99]} | does not stand at character 99",
        "{\"text\": [\"Rome\"], \"answer_start\": []} | as many of both",
        "{\"text\": \"Rome\"} | \"answer_start\": [...]",
        "\"Rome\" | \"answer_start\": [...]"
      })
  void refusesAnswersThatDoNotStandWhereTheyShould(String answers, String words) {
    assertRefused(
            Reason.WRONG_VALUE,
            () ->
                jsonl(
                    QUESTIONS,
                    "{\"question\": \"?\", \"context\": \"in Rome\", \"answers\": %s}"
                        .formatted(answers)))
        .withMessageContaining("Line 1")
        .withMessageContaining(words);
  }

  @Test
  void readsTheThreeLayoutsOfTextsToLearn() {
    assertThat(jsonl(new WritingColumns.Texts("text"), "{\"text\": \"a\"}"))
        .containsExactly(new Plain("a"));
    assertThat(
            csv(new WritingColumns.Completions("prompt", "completion"), "prompt,completion\na,b\n"))
        .containsExactly(new Completion("a", "b"));
    assertThat(
            jsonl(
                new WritingColumns.Messages("messages"),
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(((Conversation) row).messages().get(1).get("content").asString())
                    .isEqualTo("b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"hello\"",
        "[\"hello\"]",
        "[{\"content\": \"hello\"}]",
        "[{\"role\": \"user\", \"content\": \"hello\"}]"
      })
  void refusesConversationsInWhichNobodyAnswers(String messages) {
    assertRefused(
            Reason.WRONG_VALUE,
            () ->
                jsonl(
                    new WritingColumns.Messages("messages"),
                    "{\"messages\": %s}".formatted(messages)))
        .withMessageContaining("the assistant's");
  }

  @Test
  void readsImagesInBase64AndAsDataUrls() {
    ImageColumns columns = new ImageColumns("image", "label", Map.of("0", "cat"));

    assertThat(csv(columns, "image,label\nAQID,0\n\"data:image/png;base64,AQID\",dog\n"))
        .extracting(LabelledImage::label, row -> row.image().length)
        .containsExactly(tuple("cat", 3), tuple("dog", 3));
    assertRefused(Reason.WRONG_VALUE, () -> csv(columns, "image,label\ncat.png,0\n"))
        .withMessageContaining("\"cat.png\"")
        .withMessageContaining("base64");
  }

  @Test
  void readsValuesAndRefusesWhatIsNone() {
    ScoreColumns columns = new ScoreColumns("text", "label");

    assertThat(csv(columns, "text,label\na,-1.5\n")).containsExactly(new ScoredText("a", -1.5));
    for (String wrong : List.of("good", "NaN")) {
      assertRefused(Reason.WRONG_VALUE, () -> csv(columns, "text,label\na," + wrong + "\n"))
          .withMessageContaining("Line 2")
          .withMessageContaining(wrong)
          .withMessageContaining("number");
    }
  }

  @Test
  void keepsQuestionsAboutOneTextTogether() {
    String rows =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "{\"question\": \"q%d\", \"context\": \"text %d\", \"answers\": {\"text\": [], \"answer_start\": []}}\n"
                        .formatted(i, i % 20))
            .collect(Collectors.joining());

    FineTuneData<AnsweredQuestion> data =
        FineTuneData.check(file(rows, DatasetFormat.JSONL), QUESTIONS, Split.DEFAULT);

    assertThat(contexts(data, Part.TRAIN)).doesNotContainAnyElementsOf(contexts(data, Part.TEST));
    assertThat(contexts(data, Part.TEST)).isNotEmpty();
    assertThat(data.labels().labels()).isEmpty();
  }

  private static List<String> contexts(FineTuneData<AnsweredQuestion> data, Part part) {
    try (Stream<AnsweredQuestion> rows = data.examples(part)) {
      return rows.map(AnsweredQuestion::context).toList();
    }
  }

  @Test
  void findsColumnsByTheirUsualNames() {
    List<List<ColumnRole>> layouts =
        List.of(
            List.of(ColumnRole.MESSAGES),
            List.of(ColumnRole.PROMPT, ColumnRole.COMPLETION),
            List.of(ColumnRole.TEXT));

    assertThat(fill(layouts, ColumnMapping.newBuilder(), "id", "completion", "prompt"))
        .isEqualTo(
            ColumnMapping.newBuilder().setPrompt("prompt").setCompletion("completion").build());
    assertThat(fill(layouts, ColumnMapping.newBuilder().setPrompt("in"), "in", "completion"))
        .isEqualTo(ColumnMapping.newBuilder().setPrompt("in").setCompletion("completion").build());
    assertRefused(
            Reason.INVALID_MAPPING,
            () -> fill(layouts, ColumnMapping.newBuilder(), "text", "prompt", "completion"))
        .withMessageContaining("[text, prompt, completion]")
        .withMessageContaining("messages, or prompt and completion, or text");
  }

  @Test
  void refusesColumnsThatCannotBeGuessedOrAreOfNoUse() {
    List<List<ColumnRole>> layouts = List.of(List.of(ColumnRole.TEXT, ColumnRole.LABEL));

    assertRefused(
            Reason.MISSING_COLUMN, () -> fill(layouts, ColumnMapping.newBuilder(), "body", "label"))
        .withMessageContaining("columns.text is empty")
        .withMessageContaining("[body, label]");
    assertRefused(
            Reason.INVALID_MAPPING,
            () -> fill(layouts, ColumnMapping.newBuilder(), "text", "article", "label"))
        .withMessageContaining("more than one");
    assertRefused(
            Reason.INVALID_MAPPING,
            () -> fill(layouts, ColumnMapping.newBuilder().setTokens("words"), "words", "label"))
        .withMessageContaining("names tokens; expected for a-task: text and label");
    assertRefused(
            Reason.INVALID_MAPPING,
            () -> fill(layouts, ColumnMapping.newBuilder().setLabel("text"), "text"))
        .withMessageContaining("'text' is named for more than one");
  }

  private static ColumnMapping fill(
      List<List<ColumnRole>> layouts, ColumnMapping.Builder asked, String... columns) {
    return UsualColumns.fill("a-task", layouts, asked.build(), List.of(columns));
  }

  private <E> List<E> csv(RowMapping<E> columns, String content) {
    return examples(columns, file(content, DatasetFormat.CSV));
  }

  private <E> List<E> jsonl(RowMapping<E> columns, String content) {
    return examples(columns, file(content, DatasetFormat.JSONL));
  }

  private static <E> List<E> examples(RowMapping<E> columns, DatasetFile file) {
    try (Stream<E> examples = file.examples(columns)) {
      return examples.toList();
    }
  }

  private DatasetFile file(String content, DatasetFormat format) {
    try {
      return new DatasetFile(
          Files.write(Files.createTempFile(directory, "data", ""), content.getBytes(UTF_8)),
          format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static org.assertj.core.api.ThrowableAssertAlternative<DatasetException> assertRefused(
      Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return assertThatExceptionOfType(DatasetException.class)
        .isThrownBy(call)
        .returns(reason, DatasetException::reason);
  }
}
