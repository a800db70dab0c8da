package io.slipway.models.training.classification;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ProblemType;
import io.slipway.modelfiles.image.ImagePreprocessor;
import io.slipway.modelfiles.image.PixelValues;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.ImageClassifier;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.BaseModel;
import io.slipway.models.training.CrossEntropy;
import io.slipway.models.training.Measurement;
import io.slipway.models.training.Objective;
import io.slipway.models.training.Validation;
import io.slipway.models.training.run.Batch;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Cross-entropy over the labels. */
record ImageClassificationObjective(
    ImageClassificationGoal goal,
    ImageClassifier model,
    ImagePreprocessor preprocessor,
    CrossEntropy crossEntropy,
    ComputeDevice device)
    implements Objective<LabelledImage, LabelledImage> {

  /**
   * Images that are ready for the model.
   *
   * @param values of all, one after another
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Pixels(float[] values, int images, int channels, int height, int width) {

    /** [images, channels, height, width] */
    Tensor tensor(ComputeDevice device) {
      return Tensors.of(values, device, images, channels, height, width);
    }
  }

  static ImageClassificationObjective begin(ImageClassificationGoal goal, BaseModel base)
      throws IOException, InterruptedException {
    ImagePreprocessor preprocessor = ImagePreprocessor.open(base.directory());
    return new ImageClassificationObjective(
        goal,
        base.load(Head.IMAGE_CLASSIFICATION, goal.labels(), goal.replaceHead()),
        preprocessor,
        new CrossEntropy(base.settings().labelSmoothing(), goal.classWeights()),
        base.device());
  }

  @Override
  public List<LabelledImage> examples(List<LabelledImage> rows) {
    rows.forEach(goal::check);
    return rows;
  }

  /** All are prepared to the same size. */
  @Override
  public int length(LabelledImage row) {
    return 1;
  }

  private Pixels pixels(List<LabelledImage> rows) {
    PixelValues first = preprocessor.preprocess(rows.getFirst().image());
    int each = first.values().length;
    float[] all = new float[Math.multiplyExact(rows.size(), each)];
    for (int i = 0; i < rows.size(); i++) {
      PixelValues image = i == 0 ? first : preprocessor.preprocess(rows.get(i).image());
      if (image.height() != first.height() || image.width() != first.width()) {
        throw new IllegalArgumentException(
            "images come out as %dx%d and %dx%d pixels, expected one size: preprocessor_config.json has to crop them"
                .formatted(first.width(), first.height(), image.width(), image.height()));
      }
      System.arraycopy(image.values(), 0, all, i * each, each);
    }
    return new Pixels(all, rows.size(), first.channels(), first.height(), first.width());
  }

  @Override
  public Batch batch(List<LabelledImage> rows) {
    Pixels pixels = pixels(rows);
    long[] targets = rows.stream().mapToLong(LabelledImage::label).toArray();
    return new Batch(
        crossEntropy.items(targets),
        forward ->
            crossEntropy.sum(
                model.logits(forward, pixels.tensor(device)),
                Tensors.of(targets, device, targets.length)));
  }

  @Override
  public Measurement<LabelledImage> measurement() {
    ClassificationTally tally = new ClassificationTally(goal.labels().size(), false);
    return new Measurement<>() {
      @Override
      public Consumer<Forward> prepare(List<LabelledImage> rows) {
        Pixels pixels = pixels(rows);
        return forward -> {
          Tensor logits = model.logits(forward, pixels.tensor(device)).to(ScalarType.Float);
          float[][] scores = Tensors.rows(logits);
          for (int i = 0; i < scores.length; i++) {
            tally.add(scores[i], List.of(rows.get(i).label()));
          }
        };
      }

      @Override
      public Validation result(int rows) {
        return tally.result();
      }
    };
  }

  @Override
  public ModelConfig configuration(ModelConfig base) {
    return base.labelled(goal.labels()).problem(ProblemType.SINGLE_LABEL_CLASSIFICATION);
  }
}
