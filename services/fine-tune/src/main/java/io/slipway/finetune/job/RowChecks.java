package io.slipway.finetune.job;

import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.RowMapping;
import io.slipway.datasets.columns.ImageColumns;
import io.slipway.datasets.columns.WritingColumns;
import io.slipway.datasets.columns.WrittenText;
import io.slipway.datasets.columns.WrittenText.Completion;
import io.slipway.datasets.columns.WrittenText.Conversation;
import io.slipway.datasets.columns.WrittenText.Plain;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.chat.ChatRequest;
import io.slipway.modelfiles.chat.ChatTemplate;
import io.slipway.modelfiles.chat.jinja.TemplateException;
import io.slipway.modelfiles.image.ImageException;
import io.slipway.modelfiles.image.ImagePreprocessor;
import io.slipway.registry.v1.ModelVersion;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Looks at what only a model's files tell of rows: whether images are some, and conversations. */
@Component
class RowChecks {

  private final BaseModels baseModels;

  RowChecks(BaseModels baseModels) {
    this.baseModels = baseModels;
  }

  /**
   * @throws DatasetException WRONG_VALUE with the line of a row that cannot be learned from
   * @throws SlipwayException INVALID_ARGUMENT when the base cannot read such rows at all
   */
  void check(RowMapping<?> rows, DatasetFile file, ModelVersion base) {
    switch (rows) {
      case ImageColumns images -> file.requireAll(images, row -> problem(row.image()));
      case WritingColumns.Messages messages -> {
        ChatTemplate template = baseModels.chatTemplate(base);
        file.requireAll(messages, row -> problem(row, template));
      }
      default -> {}
    }
  }

  private static Optional<String> problem(byte[] image) {
    try {
      ImagePreprocessor.requireImage(image);
      return Optional.empty();
    } catch (ImageException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static Optional<String> problem(WrittenText row, ChatTemplate template) {
    return switch (row) {
      case Plain _, Completion _ -> Optional.empty();
      case Conversation(var messages) -> {
        try {
          var rendered = template.renderLearned(ChatRequest.of(messages));
          yield rendered.generated().isEmpty()
              ? Optional.of("the chat template renders nothing that the assistant says")
              : Optional.empty();
        } catch (TemplateException | IllegalArgumentException e) {
          yield Optional.of("the chat template cannot render it: " + e.getMessage());
        }
      }
    };
  }
}
