package io.slipway.benchmarks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.FineTuning;
import io.slipway.models.training.language.TextPair;
import io.slipway.models.training.language.TextToTextGoal;
import io.slipway.models.training.language.TextToTextGoal.Writing;
import io.slipway.models.training.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyingAttentionTests {

  private static final int STEPS = 40;
  private static final int BATCH_SIZE = 16;
  private static final int WORDS = 200;
  private static final int LENGTH = 8;

  @TempDir private Path folder;

  @Test
  void aModelThatBeginsWithItLearnsToCopyInSomeDozensOfSteps() throws Exception {
    double copying = lastLoss(true);
    double other = lastLoss(false);

    assertThat(other).isGreaterThan(4);
    assertThat(copying).isLessThan(2);
  }

  private double lastLoss(boolean copying) throws IOException, InterruptedException {
    Random random = new Random(3);
    List<TextPair> rows =
        Stream.generate(() -> row(random)).limit((long) STEPS * BATCH_SIZE).toList();
    Path checkpoint = Files.createDirectory(folder.resolve("copying-" + copying));
    FreshCheckpoint.textToText(
        checkpoint,
        Vocabulary.of(rows.stream().map(TextPair::source).toList(), WORDS * 2, true),
        LENGTH + 1,
        copying,
        5);
    TrainingSettings settings =
        TrainingSettings.defaults()
            .with()
            .epochs(1)
            .batchSize(BATCH_SIZE)
            .learningRate(2e-3)
            .settings();
    TextToTextGoal goal =
        new TextToTextGoal(Writing.SUMMARIZATION, "", LENGTH + 1, LENGTH + 1, false);
    double loss = Double.NaN;
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 1);
        FineTuning<TextPair> training =
            FineTuning.start(checkpoint, goal, rows, settings, executor)) {
      while (!training.finished()) {
        loss = training.step().loss();
      }
    }
    return loss;
  }

  /** A text of words in any order, which is its own target. */
  private static TextPair row(Random random) {
    String text =
        IntStream.range(0, LENGTH)
            .mapToObj(i -> "word" + random.nextInt(WORDS))
            .collect(Collectors.joining(" "));
    return new TextPair(text, text);
  }
}
