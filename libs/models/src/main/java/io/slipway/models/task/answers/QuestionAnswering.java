package io.slipway.models.task.answers;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.modelfiles.tokenizer.TruncationSide;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TextModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A model that finds answers to questions in a context, however long that is. Safe for use by many
 * threads.
 */
public final class QuestionAnswering implements AutoCloseable {

  private static final int WINDOW_LENGTH = 384;
  private static final int STRIDE = 128;
  private static final int OUTPUTS = 2;

  private final TextModel<TokenScorer> model;

  /** A question and where its answer is looked for. */
  public record Question(String question, String context) {

    public Question {
      if (question.isEmpty() || context.isEmpty()) {
        throw new IllegalArgumentException(
            "the %s is empty".formatted(question.isEmpty() ? "question" : "context"));
      }
    }
  }

  /**
   * What a caller can ask for.
   *
   * @param topK answers at most
   * @param docStride tokens of the context that each window shares with the one before; empty for
   *     128, or half of a window where that is less
   * @param maxAnswerLength tokens at most of an answer
   * @param maxSequenceLength tokens at most of a window, the question and special tokens included;
   *     empty for 384, or as many as the model takes
   * @param maxQuestionLength tokens at most of the question, of which the rest is cut; empty for
   *     all of it
   * @param handleImpossibleAnswer whether no answer, as an empty text, may be the answer
   * @param alignToWords whether answers are whole words, where the tokenizer knows words
   */
  public record Options(
      int topK,
      OptionalInt docStride,
      int maxAnswerLength,
      OptionalInt maxSequenceLength,
      OptionalInt maxQuestionLength,
      boolean handleImpossibleAnswer,
      boolean alignToWords) {

    public static final Options DEFAULT =
        new Options(
            1, OptionalInt.empty(), 15, OptionalInt.empty(), OptionalInt.empty(), false, true);

    public Options {
      atLeastOne("top_k", topK);
      atLeastOne("max_answer_len", maxAnswerLength);
      maxSequenceLength.ifPresent(length -> atLeastOne("max_seq_len", length));
      maxQuestionLength.ifPresent(length -> atLeastOne("max_question_len", length));
      if (docStride.orElse(0) < 0) {
        throw new IllegalArgumentException(
            "doc_stride is " + docStride.getAsInt() + ", expected at least 0");
      }
      if (docStride.orElse(0) > maxSequenceLength.orElse(Integer.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "doc_stride is %d, which is more than the max_seq_len of %d"
                .formatted(docStride.getAsInt(), maxSequenceLength.getAsInt()));
      }
    }

    private static void atLeastOne(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
      }
    }

    /** With another number of answers. */
    public Options top(int answers) {
      return new Options(
          answers,
          docStride,
          maxAnswerLength,
          maxSequenceLength,
          maxQuestionLength,
          handleImpossibleAnswer,
          alignToWords);
    }
  }

  private QuestionAnswering(TextModel<TokenScorer> model) {
    this.model = model;
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static QuestionAnswering load(
      Path directory, ComputeExecutor executor, Precision precision)
      throws IOException, InterruptedException {
    return new QuestionAnswering(
        TextModel.load(directory, Head.QUESTION_ANSWERING, executor, precision, Integer.MAX_VALUE));
  }

  /**
   * Answers questions.
   *
   * @return for each question, answers by falling score; fewer than asked for when the context does
   *     not have as many
   * @throws IllegalArgumentException when a question leaves no room for its context
   */
  public List<List<Answer>> predict(List<Question> questions, Options options)
      throws InterruptedException {
    List<List<TokenizedText>> windows =
        questions.stream().map(question -> windows(question, options)).toList();
    List<float[][]> logits =
        model.run(
            windows.stream().flatMap(List::stream).toList(), OUTPUTS, QuestionAnswering::logits);
    List<List<Answer>> results = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < questions.size(); i++) {
      int count = windows.get(i).size();
      results.add(
          answers(
              questions.get(i).context(), windows.get(i), logits.subList(at, at + count), options));
      at += count;
    }
    return results;
  }

  private List<TokenizedText> windows(Question question, Options options) {
    TextTokenizer tokenizer = model.tokenizer();
    int length = options.maxSequenceLength().orElse(Math.min(tokenizer.maxLength(), WINDOW_LENGTH));
    int stride = options.docStride().orElse(Math.min(length / 2, STRIDE));
    return tokenizer.encodeWindows(
        shortened(question.question(), options.maxQuestionLength()),
        question.context(),
        length,
        stride);
  }

  private String shortened(String question, OptionalInt limit) {
    if (limit.isEmpty()) {
      return question;
    }
    TokenizedText kept =
        model.tokenizer().encode(question, false, limit.getAsInt(), TruncationSide.RIGHT);
    return kept.truncated()
        ? question.substring(0, question.offsetByCodePoints(0, kept.ends()[kept.length() - 1]))
        : question;
  }

  private static List<float[][]> logits(TokenScorer scorer, TokenBatch batch) {
    return TextModel.perToken(scorer.logits(Forward.inference(), batch), batch);
  }

  private List<Answer> answers(
      String context, List<TokenizedText> windows, List<float[][]> logits, Options options) {
    // Some of a window's spans become one answer when they grow to whole words.
    long wanted = options.alignToWords() ? 2L * options.topK() + 10 : options.topK();
    int[] characters = context.codePoints().toArray();
    long cls = model.tokenizer().specialToken("cls").orElse(-1);
    List<Answer> answers = new ArrayList<>();
    double nullScore = Double.POSITIVE_INFINITY;
    for (int i = 0; i < windows.size(); i++) {
      AnswerSpans spans = new AnswerSpans(windows.get(i), logits.get(i), cls);
      nullScore = Math.min(nullScore, spans.nullScore());
      int count = (int) Math.min(wanted, Integer.MAX_VALUE);
      for (AnswerSpans.Span span : spans.best(count, options.maxAnswerLength())) {
        AnswerSpans.Characters at = spans.characters(span, options.alignToWords());
        String text = new String(characters, at.start(), at.end() - at.start());
        add(answers, new Answer(text, span.score(), at.start(), at.end()));
      }
    }
    if (options.handleImpossibleAnswer()) {
      answers.add(new Answer("", nullScore, 0, 0));
    }
    return answers.stream()
        .sorted(Comparator.comparingDouble(Answer::score).reversed())
        .limit(options.topK())
        .toList();
  }

  /** The same text found again makes the answer more likely; where it was found first counts. */
  private static void add(List<Answer> answers, Answer found) {
    String text = found.answer().toLowerCase(Locale.ROOT);
    for (int i = 0; i < answers.size(); i++) {
      Answer known = answers.get(i);
      if (known.answer().toLowerCase(Locale.ROOT).equals(text)) {
        answers.set(
            i,
            new Answer(known.answer(), known.score() + found.score(), known.start(), known.end()));
        return;
      }
    }
    answers.add(found);
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    model.close();
  }
}
