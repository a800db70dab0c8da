package io.slipway.trainer.run;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.datasets.ColumnMapping;
import io.slipway.datasets.LabelSet;
import io.slipway.datasets.columns.AnsweredQuestion.Answer;
import io.slipway.datasets.columns.ImageColumns;
import io.slipway.datasets.columns.PairColumns;
import io.slipway.datasets.columns.QuestionColumns;
import io.slipway.datasets.columns.ScoreColumns;
import io.slipway.datasets.columns.WordColumns;
import io.slipway.datasets.columns.WritingColumns;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ProblemType;
import io.slipway.modelfiles.Task;
import io.slipway.models.training.answers.AnsweredQuestion;
import io.slipway.models.training.answers.QuestionAnsweringGoal;
import io.slipway.models.training.classification.ImageClassificationGoal;
import io.slipway.models.training.classification.LabelledImage;
import io.slipway.models.training.classification.LabelledText;
import io.slipway.models.training.classification.ScoredText;
import io.slipway.models.training.classification.TextClassificationGoal;
import io.slipway.models.training.classification.TextRegressionGoal;
import io.slipway.models.training.language.TextGenerationGoal;
import io.slipway.models.training.language.TextPair;
import io.slipway.models.training.language.TextToTextGoal;
import io.slipway.models.training.language.TextToTextGoal.Writing;
import io.slipway.models.training.words.LabelledWords;
import io.slipway.models.training.words.TokenClassificationGoal;
import java.io.IOException;
import java.nio.file.Path;

/** The goal of a plan's task, and its rows. The one place that knows the tasks apart. */
final class PlannedTask {

  private final TrainingPlan plan;
  private final Hyperparameters settings;
  private final ArtifactStore store;
  private final LabelSet labels;

  private PlannedTask(TrainingPlan plan, ArtifactStore store) {
    this.plan = plan;
    this.settings = plan.getHyperparameters();
    this.store = store;
    this.labels = new LabelSet(plan.getLabelsList());
  }

  /**
   * Reads what a plan is about.
   *
   * @param base the checkpoint to start from, whose chat template renders conversations
   */
  static PlannedData<?> read(TrainingPlan plan, ArtifactStore store, Path base) throws IOException {
    PlannedTask planned = new PlannedTask(plan, store);
    Task task = Task.ofPipelineTag(plan.getTask()).orElseThrow(() -> unknown(plan.getTask()));
    return switch (task) {
      case TEXT_CLASSIFICATION ->
          plan.getProblemType().equals(ProblemType.REGRESSION.configName())
              ? planned.regression()
              : planned.textClassification();
      case TOKEN_CLASSIFICATION -> planned.tokenClassification();
      case QUESTION_ANSWERING -> planned.questionAnswering();
      case SUMMARIZATION -> planned.textToText(Writing.SUMMARIZATION);
      case TRANSLATION -> planned.textToText(Writing.TRANSLATION);
      case TEXT_GENERATION -> planned.textGeneration(base);
      case IMAGE_CLASSIFICATION -> planned.imageClassification();
      case FILL_MASK, TEXT_TO_IMAGE, FEATURE_EXTRACTION -> throw unknown(plan.getTask());
    };
  }

  private static SlipwayException unknown(String task) {
    return new SlipwayException(
        ErrorCode.INTERNAL, "The plan's task is \"" + task + "\", for which there is no training.");
  }

  private PlannedData<LabelledText> textClassification() {
    ColumnMapping columns = ColumnMapping.fromProto(plan.getColumns());
    return PlannedData.read(
        plan,
        store,
        columns,
        new TextClassificationGoal(
            labels.labels(),
            columns.multiLabel(),
            settings.getMaxLength(),
            true,
            plan.getClassWeightsList()),
        row ->
            new LabelledText(
                row.text(), columns.labels(row.label()).stream().map(labels::index).toList()));
  }

  private PlannedData<ScoredText> regression() {
    return PlannedData.read(
        plan,
        store,
        ScoreColumns.fromProto(plan.getColumns()),
        new TextRegressionGoal(labels.labels(), settings.getMaxLength(), true),
        row -> ScoredText.of(row.text(), row.value()));
  }

  private PlannedData<LabelledWords> tokenClassification() {
    return PlannedData.read(
        plan,
        store,
        WordColumns.fromProto(plan.getColumns()),
        new TokenClassificationGoal(
            labels.labels(), settings.getMaxLength(), true, plan.getClassWeightsList()),
        row -> new LabelledWords(row.words(), row.tags().stream().map(labels::index).toList()));
  }

  private PlannedData<AnsweredQuestion> questionAnswering() {
    return PlannedData.read(
        plan,
        store,
        QuestionColumns.fromProto(plan.getColumns()),
        new QuestionAnsweringGoal(
            settings.getMaxLength(), settings.getDocStride(), settings.getMaxAnswerLength()),
        row ->
            new AnsweredQuestion(
                row.question(),
                row.context(),
                row.answers().stream().map(PlannedTask::of).toList()));
  }

  private static AnsweredQuestion.Answer of(Answer answer) {
    return new AnsweredQuestion.Answer(answer.text(), answer.start());
  }

  private PlannedData<TextPair> textToText(Writing writing) {
    return PlannedData.read(
        plan,
        store,
        PairColumns.fromProto(plan.getColumns()),
        new TextToTextGoal(
            writing,
            settings.getSourcePrefix(),
            settings.getMaxLength(),
            settings.getMaxTargetLength(),
            settings.getPredictWithGenerate()),
        row -> new TextPair(row.text(), row.target()));
  }

  private PlannedData<?> textGeneration(Path base) throws IOException {
    WritingColumns columns = WritingColumns.fromProto(plan.getColumns());
    LearnedRows rows = LearnedRows.of(columns, base);
    return PlannedData.read(
        plan,
        store,
        columns,
        // A chat template ends what the assistant says by itself.
        new TextGenerationGoal(
            settings.getMaxLength(),
            settings.getPacking(),
            !(columns instanceof WritingColumns.Messages)),
        rows::learned);
  }

  private PlannedData<LabelledImage> imageClassification() {
    return PlannedData.read(
        plan,
        store,
        ImageColumns.fromProto(plan.getColumns()),
        new ImageClassificationGoal(labels.labels(), true, plan.getClassWeightsList()),
        row -> new LabelledImage(row.image(), labels.index(row.label())));
  }
}
