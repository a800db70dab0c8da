package io.slipway.datasets.columns;

import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import io.slipway.datasets.Row;
import io.slipway.datasets.RowMapping;
import io.slipway.datasets.columns.AnsweredQuestion.Answer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Columns for question answering, in the layout of SQuAD: {@code answers} is an object of two
 * lists, {@code {"text": [...], "answer_start": [...]}}, which are empty where there is no answer.
 *
 * @see <a href="https://huggingface.co/datasets/rajpurkar/squad">SQuAD</a>
 */
public record QuestionColumns(String question, String context, String answers)
    implements RowMapping<AnsweredQuestion> {

  private static final String EXPECTED = "{\"text\": [...], \"answer_start\": [...]}";

  /**
   * @throws DatasetException INVALID_MAPPING
   */
  public static QuestionColumns fromProto(io.slipway.dataset.v1.ColumnMapping mapping) {
    return new QuestionColumns(
        ColumnRole.QUESTION.require(mapping),
        ColumnRole.CONTEXT.require(mapping),
        ColumnRole.ANSWERS.require(mapping));
  }

  @Override
  public List<String> required() {
    return List.of(question, context, answers);
  }

  @Override
  public AnsweredQuestion apply(Row row) {
    String text = row.requireText(context, Reason.TEXT_MISSING);
    JsonNode given = CellValues.json(row, answers, EXPECTED);
    JsonNode texts = given.path("text");
    JsonNode starts = given.path("answer_start");
    if (!texts.isArray()
        || !starts.isArray()
        || texts.size() != starts.size()
        || !texts.valueStream().allMatch(JsonNode::isString)
        || !starts.valueStream().allMatch(JsonNode::canConvertToInt)) {
      throw CellValues.wrong(row, answers, given.toString(), EXPECTED + ", as many of both");
    }
    List<Answer> found = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      found.add(answer(row, text, texts.get(i).asString(), starts.get(i).asInt()));
    }
    return new AnsweredQuestion(row.requireText(question, Reason.TEXT_MISSING), text, found);
  }

  private Answer answer(Row row, String text, String answer, int start) {
    boolean stands =
        !answer.isEmpty() && start >= 0 && start <= text.codePointCount(0, text.length());
    if (!stands || !text.startsWith(answer, text.offsetByCodePoints(0, start))) {
      throw row.refused(
          Reason.WRONG_VALUE,
          "the answer \"%s\" does not stand at character %d of '%s'"
              .formatted(answer, start, context));
    }
    return new Answer(answer, start);
  }

  /** Questions about one text stay together. */
  @Override
  public String identity(Row row) {
    return row.value(context).orElse("");
  }
}
