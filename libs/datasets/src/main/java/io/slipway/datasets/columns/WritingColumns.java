package io.slipway.datasets.columns;

import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import io.slipway.datasets.Row;
import io.slipway.datasets.RowMapping;
import io.slipway.datasets.columns.WrittenText.Completion;
import io.slipway.datasets.columns.WrittenText.Conversation;
import io.slipway.datasets.columns.WrittenText.Plain;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Columns for text generation, in one of three layouts. */
public sealed interface WritingColumns extends RowMapping<WrittenText> {

  /**
   * The layout that the mapping names.
   *
   * @throws DatasetException INVALID_MAPPING
   */
  static WritingColumns fromProto(io.slipway.dataset.v1.ColumnMapping mapping) {
    if (!ColumnRole.MESSAGES.in(mapping).isEmpty()) {
      return new Messages(ColumnRole.MESSAGES.in(mapping));
    }
    if (!ColumnRole.PROMPT.in(mapping).isEmpty()) {
      return new Completions(ColumnRole.PROMPT.in(mapping), ColumnRole.COMPLETION.require(mapping));
    }
    return new Texts(ColumnRole.TEXT.require(mapping));
  }

  /** Plain texts. */
  record Texts(String text) implements WritingColumns {

    @Override
    public List<String> required() {
      return List.of(text);
    }

    @Override
    public WrittenText apply(Row row) {
      return new Plain(row.requireText(text, Reason.TEXT_MISSING));
    }

    @Override
    public String identity(Row row) {
      return row.value(text).orElse("");
    }
  }

  /** Prompts and what follows them. */
  record Completions(String prompt, String completion) implements WritingColumns {

    @Override
    public List<String> required() {
      return List.of(prompt, completion);
    }

    @Override
    public WrittenText apply(Row row) {
      return new Completion(
          row.require(prompt, Reason.TEXT_MISSING),
          row.requireText(completion, Reason.TEXT_MISSING));
    }

    @Override
    public String identity(Row row) {
      return row.value(prompt).orElse("");
    }
  }

  /** Conversations, as chat APIs have them. */
  record Messages(String messages) implements WritingColumns {

    private static final String ROLE = "role";
    private static final String ASSISTANT = "assistant";
    private static final String EXPECTED =
        "an array of {\"role\": ..., \"content\": ...}, of which one or more are the assistant's";

    @Override
    public List<String> required() {
      return List.of(messages);
    }

    @Override
    public WrittenText apply(Row row) {
      JsonNode conversation = CellValues.json(row, messages, EXPECTED);
      boolean roles =
          conversation.isArray()
              && conversation.valueStream().allMatch(message -> message.path(ROLE).isString());
      if (!roles
          || conversation
              .valueStream()
              .noneMatch(message -> message.path(ROLE).asString().equals(ASSISTANT))) {
        throw CellValues.wrong(row, messages, conversation.toString(), EXPECTED);
      }
      return new Conversation(conversation);
    }

    @Override
    public String identity(Row row) {
      return row.value(messages).orElse("");
    }
  }
}
