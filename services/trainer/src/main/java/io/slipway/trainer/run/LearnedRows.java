package io.slipway.trainer.run;

import io.slipway.datasets.columns.WritingColumns;
import io.slipway.datasets.columns.WrittenText;
import io.slipway.datasets.columns.WrittenText.Completion;
import io.slipway.datasets.columns.WrittenText.Conversation;
import io.slipway.datasets.columns.WrittenText.Plain;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.chat.ChatRequest;
import io.slipway.modelfiles.chat.ChatTemplate;
import io.slipway.modelfiles.chat.jinja.Rendered;
import io.slipway.models.training.language.LearnedText;
import io.slipway.models.training.language.LearnedText.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes texts, prompts and conversations what a decoder learns from.
 *
 * @param template empty where there are no conversations
 */
record LearnedRows(Optional<ChatTemplate> template) {

  /**
   * @param base whose chat template renders conversations
   */
  static LearnedRows of(WritingColumns columns, Path base) throws IOException {
    return new LearnedRows(
        columns instanceof WritingColumns.Messages ? ChatTemplate.open(base) : Optional.empty());
  }

  /**
   * @throws ModelFilesException when there is no chat template for a conversation
   */
  LearnedText learned(WrittenText row) {
    return switch (row) {
      case Plain(var text) -> LearnedText.of(text);
      case Completion(var prompt, var completion) -> LearnedText.completion(prompt, completion);
      case Conversation(var messages) -> learned(render(ChatRequest.of(messages)));
    };
  }

  private Rendered render(ChatRequest conversation) {
    return template
        .orElseThrow(
            () ->
                new ModelFilesException(
                    Reason.MISSING_FILE, "the base has no chat template for conversations"))
        .renderLearned(conversation);
  }

  private static LearnedText learned(Rendered rendered) {
    String text = rendered.text();
    List<Part> parts =
        rendered.generated().stream()
            .map(
                span ->
                    new Part(
                        text.codePointCount(0, span.begin()), text.codePointCount(0, span.end())))
            .toList();
    return LearnedText.conversation(text, parts);
  }
}
