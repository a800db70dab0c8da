package io.slipway.finetune.task;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.kit.errors.SlipwayException;
import java.util.Locale;
import java.util.Map;

/** Settings of the API that make sense for some tasks only. */
public enum TaskSetting {
  LABEL_NAMES,
  LABEL_SEPARATOR,
  MAX_LENGTH,
  MAX_TARGET_LENGTH,
  SOURCE_PREFIX,
  PREDICT_WITH_GENERATE,
  DOC_STRIDE,
  MAX_ANSWER_LENGTH,
  PACKING,
  LABEL_SMOOTHING,
  CLASS_WEIGHTS;

  /**
   * Checks that nothing is asked for that a task does not have.
   *
   * @throws SlipwayException INVALID_ARGUMENT naming the setting
   */
  public static void requireFit(
      TunedTask task, ColumnMapping columns, Hyperparameters hyperparameters) {
    for (TaskSetting setting : values()) {
      if (!task.has(setting)) {
        setting.requireNoneIn("columns", columns, task);
        setting.requireNoneIn("hyperparameters", hyperparameters, task);
      }
    }
  }

  private void requireNoneIn(String parent, Message message, TunedTask task) {
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getName().equals(name().toLowerCase(Locale.ROOT))) {
        String value =
            field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? "set"
                : String.valueOf(field.getValue());
        throw SlipwayException.invalid(
            "%s.%s is %s; expected none for %s."
                .formatted(parent, field.getKey().getName(), value, task.described()));
      }
    }
  }
}
