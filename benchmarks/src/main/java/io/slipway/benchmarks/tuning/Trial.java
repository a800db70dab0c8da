package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.tuning.Budget.Stage;
import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A task on a dataset, and what is learned of it in a minute or, with a pretraining, some minutes.
 */
enum Trial {
  SST2("sst2", "text-classification", new Budget(250, 32, 1e-3, 1000), TextTrials::sst2),
  AG_NEWS_TOPICS(
      "agnews", "text-classification", new Budget(120, 32, 1e-3, 1000), TextTrials::agNews),
  WNUT17("wnut17", "token-classification", new Budget(320, 32, 1e-3, 1000), WordTrial::plan),
  XQUAD(
      "xquad",
      "question-answering",
      new Budget(50, 16, 2e-4, 300).after(new Stage(1400, 32, 1e-3)),
      AnswerTrial::plan),
  MULTI30K("multi30k", "translation", new Budget(300, 32, 2e-3, 100), PairTrials::multi30k),
  AG_NEWS_HEADLINES(
      "agnews",
      "summarization",
      new Budget(300, 32, 5e-4, 300).after(new Stage(800, 32, 2e-3)),
      PairTrials::agNews),
  TINY_SHAKESPEARE(
      "tinyshakespeare", "text-generation", new Budget(120, 16, 3e-3, 400), TextTrials::continued),
  DIGITS("digits", "image-classification", new Budget(300, 32, 2e-3, 1000), ImageTrial::plan);

  private final String dataset;
  private final String task;
  private final Budget budget;
  private final Planning planning;

  /** Reads a dataset and writes the checkpoint that is to learn it into a folder. */
  @FunctionalInterface
  interface Planning {

    Plan<?> plan(DataFiles files, Path checkpoint, Budget budget) throws IOException;
  }

  Trial(String dataset, String task, Budget budget, Planning planning) {
    this.dataset = dataset;
    this.task = task;
    this.budget = budget;
    this.planning = planning;
  }

  /** As users name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Trial> of(String label) {
    return Arrays.stream(values()).filter(trial -> trial.label().equals(label)).findFirst();
  }

  /** In front of its files' names, letters and digits only. */
  String dataset() {
    return dataset;
  }

  /** Pipeline tag. */
  String task() {
    return task;
  }

  /**
   * Prepares the trial.
   *
   * @param checkpoint an empty folder
   * @param factor how many times the usual steps
   * @throws io.slipway.datasets.DatasetException when the files are not this dataset's
   */
  Plan<?> plan(DataFiles files, Path checkpoint, double factor) throws IOException {
    return planning.plan(files, checkpoint, budget.times(factor));
  }
}
