package io.slipway.finetune.task;

import static io.slipway.datasets.columns.ColumnRole.ANSWERS;
import static io.slipway.datasets.columns.ColumnRole.COMPLETION;
import static io.slipway.datasets.columns.ColumnRole.CONTEXT;
import static io.slipway.datasets.columns.ColumnRole.IMAGE;
import static io.slipway.datasets.columns.ColumnRole.LABEL;
import static io.slipway.datasets.columns.ColumnRole.MESSAGES;
import static io.slipway.datasets.columns.ColumnRole.PROMPT;
import static io.slipway.datasets.columns.ColumnRole.QUESTION;
import static io.slipway.datasets.columns.ColumnRole.TAGS;
import static io.slipway.datasets.columns.ColumnRole.TARGET;
import static io.slipway.datasets.columns.ColumnRole.TEXT;
import static io.slipway.datasets.columns.ColumnRole.TOKENS;
import static io.slipway.finetune.task.TaskSetting.CLASS_WEIGHTS;
import static io.slipway.finetune.task.TaskSetting.DOC_STRIDE;
import static io.slipway.finetune.task.TaskSetting.LABEL_NAMES;
import static io.slipway.finetune.task.TaskSetting.LABEL_SEPARATOR;
import static io.slipway.finetune.task.TaskSetting.LABEL_SMOOTHING;
import static io.slipway.finetune.task.TaskSetting.MAX_ANSWER_LENGTH;
import static io.slipway.finetune.task.TaskSetting.MAX_LENGTH;
import static io.slipway.finetune.task.TaskSetting.MAX_TARGET_LENGTH;
import static io.slipway.finetune.task.TaskSetting.PACKING;
import static io.slipway.finetune.task.TaskSetting.PREDICT_WITH_GENERATE;
import static io.slipway.finetune.task.TaskSetting.SOURCE_PREFIX;

import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.datasets.DatasetException;
import io.slipway.datasets.RowMapping;
import io.slipway.datasets.columns.ColumnRole;
import io.slipway.datasets.columns.ImageColumns;
import io.slipway.datasets.columns.PairColumns;
import io.slipway.datasets.columns.QuestionColumns;
import io.slipway.datasets.columns.ScoreColumns;
import io.slipway.datasets.columns.UsualColumns;
import io.slipway.datasets.columns.WordColumns;
import io.slipway.datasets.columns.WritingColumns;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ProblemType;
import io.slipway.modelfiles.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a model can be tuned for, and what that takes. */
public enum TunedTask {
  SINGLE_LABEL(
      Task.TEXT_CLASSIFICATION,
      List.of(List.of(TEXT, LABEL)),
      io.slipway.datasets.ColumnMapping::fromProto,
      new Defaults(128, 32),
      List.of("macro_f1", "accuracy", "loss"),
      Set.of(MAX_LENGTH, LABEL_NAMES, CLASS_WEIGHTS, LABEL_SMOOTHING)),

  MULTI_LABEL(
      Task.TEXT_CLASSIFICATION,
      List.of(List.of(TEXT, LABEL)),
      io.slipway.datasets.ColumnMapping::fromProto,
      new Defaults(128, 32),
      List.of("macro_f1", "accuracy", "loss"),
      Set.of(MAX_LENGTH, LABEL_NAMES, LABEL_SEPARATOR, CLASS_WEIGHTS)),

  REGRESSION(
      Task.TEXT_CLASSIFICATION,
      List.of(List.of(TEXT, LABEL)),
      ScoreColumns::fromProto,
      new Defaults(128, 32),
      List.of("loss", "mse", "mae", "pearson"),
      Set.of(MAX_LENGTH)),

  TOKEN_CLASSIFICATION(
      Task.TOKEN_CLASSIFICATION,
      List.of(List.of(TOKENS, TAGS)),
      WordColumns::fromProto,
      new Defaults(128, 32),
      List.of("f1", "precision", "recall", "accuracy", "loss"),
      Set.of(MAX_LENGTH, LABEL_NAMES, CLASS_WEIGHTS, LABEL_SMOOTHING)),

  QUESTION_ANSWERING(
      Task.QUESTION_ANSWERING,
      List.of(List.of(QUESTION, CONTEXT, ANSWERS)),
      QuestionColumns::fromProto,
      new Defaults(384, 16),
      List.of("f1", "exact_match", "loss"),
      Set.of(MAX_LENGTH, DOC_STRIDE, MAX_ANSWER_LENGTH)),

  SUMMARIZATION(
      Task.SUMMARIZATION,
      List.of(List.of(TEXT, TARGET)),
      PairColumns::fromProto,
      new Defaults(512, 8),
      List.of("loss", "perplexity", "rougeL", "rouge1", "rouge2"),
      Set.of(MAX_LENGTH, MAX_TARGET_LENGTH, SOURCE_PREFIX, PREDICT_WITH_GENERATE, LABEL_SMOOTHING)),

  TRANSLATION(
      Task.TRANSLATION,
      List.of(List.of(TEXT, TARGET)),
      PairColumns::fromProto,
      new Defaults(512, 8),
      List.of("loss", "perplexity", "chrf"),
      Set.of(MAX_LENGTH, MAX_TARGET_LENGTH, SOURCE_PREFIX, PREDICT_WITH_GENERATE, LABEL_SMOOTHING)),

  TEXT_GENERATION(
      Task.TEXT_GENERATION,
      List.of(List.of(MESSAGES), List.of(PROMPT, COMPLETION), List.of(TEXT)),
      WritingColumns::fromProto,
      new Defaults(512, 8),
      List.of("loss", "perplexity"),
      Set.of(MAX_LENGTH, PACKING, LABEL_SMOOTHING)),

  IMAGE_CLASSIFICATION(
      Task.IMAGE_CLASSIFICATION,
      List.of(List.of(IMAGE, LABEL)),
      ImageColumns::fromProto,
      new Defaults(0, 32),
      List.of("macro_f1", "accuracy", "loss"),
      Set.of(LABEL_NAMES, CLASS_WEIGHTS, LABEL_SMOOTHING));

  /** Metrics that need texts to be written. */
  private static final Set<String> OF_WRITTEN_TEXTS = Set.of("rougeL", "rouge1", "rouge2", "chrf");

  /**
   * What holds unless something else is asked for.
   *
   * @param maxLength tokens a row; 0 where rows are no texts
   * @param batchSize rows a step
   */
  private record Defaults(int maxLength, int batchSize) {}

  private final Task task;
  private final List<List<ColumnRole>> layouts;
  private final Function<ColumnMapping, RowMapping<?>> rows;
  private final Defaults defaults;
  private final List<String> metrics;
  private final Set<TaskSetting> settings;

  TunedTask(
      Task task,
      List<List<ColumnRole>> layouts,
      Function<ColumnMapping, RowMapping<?>> rows,
      Defaults defaults,
      List<String> metrics,
      Set<TaskSetting> settings) {
    this.task = task;
    this.layouts = layouts;
    this.rows = rows;
    this.defaults = defaults;
    this.metrics = metrics;
    this.settings = settings;
  }

  /**
   * What is asked for.
   *
   * @param task a pipeline tag
   * @param problemType as config.json names it; empty for what the columns say
   * @param labelSeparator between the labels of a row; empty when each has one
   * @throws SlipwayException INVALID_ARGUMENT
   */
  public static TunedTask of(String task, String problemType, String labelSeparator) {
    Task wanted =
        Task.ofPipelineTag(task)
            .filter(known -> Arrays.stream(values()).anyMatch(tuned -> tuned.task == known))
            .orElseThrow(
                () ->
                    SlipwayException.invalid(
                        "task is \"%s\"; expected one of %s."
                            .formatted(
                                task,
                                Arrays.stream(values())
                                    .map(tuned -> tuned.task.pipelineTag())
                                    .distinct()
                                    .collect(Collectors.joining(", ")))));
    if (wanted != Task.TEXT_CLASSIFICATION) {
      if (!problemType.isEmpty()) {
        throw SlipwayException.invalid(
            "problem_type is \"%s\"; expected none for %s.".formatted(problemType, task));
      }
      return Arrays.stream(values())
          .filter(tuned -> tuned.task == wanted)
          .findFirst()
          .orElseThrow();
    }
    return ofProblem(problemType, labelSeparator);
  }

  private static TunedTask ofProblem(String problemType, String labelSeparator) {
    if (problemType.isEmpty()) {
      return labelSeparator.isEmpty() ? SINGLE_LABEL : MULTI_LABEL;
    }
    TunedTask tuned =
        List.of(SINGLE_LABEL, MULTI_LABEL, REGRESSION).stream()
            .filter(known -> known.problemType().equals(problemType))
            .findFirst()
            .orElseThrow(
                () ->
                    SlipwayException.invalid(
                        "problem_type is \"%s\"; expected single_label_classification, multi_label_classification or regression."
                            .formatted(problemType)));
    if (tuned == MULTI_LABEL && labelSeparator.isEmpty()) {
      throw SlipwayException.invalid(
          "columns.label_separator is empty; expected what separates the labels of a row, since problem_type is multi_label_classification.");
    }
    return tuned;
  }

  public Task task() {
    return task;
  }

  /** As config.json names it; empty for tasks that have none. */
  public String problemType() {
    return switch (this) {
      case SINGLE_LABEL -> ProblemType.SINGLE_LABEL_CLASSIFICATION.configName();
      case MULTI_LABEL -> ProblemType.MULTI_LABEL_CLASSIFICATION.configName();
      case REGRESSION -> ProblemType.REGRESSION.configName();
      case TOKEN_CLASSIFICATION,
          QUESTION_ANSWERING,
          SUMMARIZATION,
          TRANSLATION,
          TEXT_GENERATION,
          IMAGE_CLASSIFICATION ->
          "";
    };
  }

  /** As errors call it. */
  public String described() {
    return task.pipelineTag() + (problemType().isEmpty() ? "" : " (" + problemType() + ")");
  }

  /**
   * The mapping with all columns that the rows need.
   *
   * @param columns of the dataset
   * @throws DatasetException INVALID_MAPPING or MISSING_COLUMN
   */
  public ColumnMapping columns(ColumnMapping asked, List<String> columns) {
    return UsualColumns.fill(described(), layouts, asked, columns);
  }

  /**
   * How rows are read.
   *
   * @param columns with all that the rows need
   * @throws DatasetException INVALID_MAPPING
   */
  public RowMapping<?> rows(ColumnMapping columns) {
    return rows.apply(columns);
  }

  /** Names of the metrics that a result can be chosen by, the default first. */
  public List<String> metrics(boolean textsAreWritten) {
    return metrics.stream()
        .filter(metric -> textsAreWritten || !OF_WRITTEN_TEXTS.contains(metric))
        .toList();
  }

  public boolean has(TaskSetting setting) {
    return settings.contains(setting);
  }

  /** Tokens a row unless something else is asked for. */
  public int maxLength() {
    return defaults.maxLength;
  }

  /** Rows a step unless something else is asked for. */
  public int batchSize() {
    return defaults.batchSize;
  }
}
