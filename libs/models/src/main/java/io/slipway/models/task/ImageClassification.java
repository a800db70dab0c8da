package io.slipway.models.task;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.image.ImageException;
import io.slipway.modelfiles.image.ImagePreprocessor;
import io.slipway.modelfiles.image.PixelValues;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.ImageClassifier;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model that gives labels to images.
 *
 * <p>{@link #predict} does it all. A caller that makes its own batches takes the steps one by one:
 * {@link #preprocess} on any thread, {@link #logits} for a batch, {@link #scores} for each of its
 * rows. Safe for use by many threads.
 */
public final class ImageClassification implements AutoCloseable {

  /** Labels for an image where a caller does not say how many, as in the reference's pipeline. */
  public static final int DEFAULT_TOP_K = 5;

  /** Images that {@link #predict} runs at once. */
  private static final int BATCH_IMAGES = 16;

  private final ComputeExecutor executor;
  private final LoadedModel<ImageClassifier> classifier;
  private final ImagePreprocessor preprocessor;
  private final List<String> labels;
  private final ScoreFunction defaultFunction;

  private ImageClassification(
      ComputeExecutor executor,
      LoadedModel<ImageClassifier> classifier,
      ImagePreprocessor preprocessor,
      ModelConfig config) {
    this.executor = executor;
    this.classifier = classifier;
    this.preprocessor = preprocessor;
    this.labels = config.labels();
    this.defaultFunction = ScoreFunction.ofImages(config);
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static ImageClassification load(
      Path directory, ComputeExecutor executor, Precision precision)
      throws IOException, InterruptedException {
    Checkpoint checkpoint = Checkpoint.open(directory);
    boolean loaded = false;
    try {
      ImagePreprocessor preprocessor = ImagePreprocessor.open(directory);
      LoadedModel<ImageClassifier> classifier =
          executor.call(
              () ->
                  LoadedModel.forInference(
                      checkpoint, Head.IMAGE_CLASSIFICATION, executor.device(), precision));
      loaded = true;
      return new ImageClassification(executor, classifier, preprocessor, checkpoint.config());
    } finally {
      if (!loaded) {
        checkpoint.close();
      }
    }
  }

  /** Labels by index. */
  public List<String> labels() {
    return labels;
  }

  /**
   * Prepares an image.
   *
   * @param encoded a PNG, JPEG, GIF or BMP file
   * @throws ImageException when it is none, is damaged, or has too many pixels, which its header
   *     tells before any is decoded
   */
  public PixelValues preprocess(byte[] encoded) {
    return preprocessor.preprocess(encoded);
  }

  /**
   * Runs images through the model in one batch.
   *
   * @param images all of the same size
   * @return a row for each image, with an output for each label
   */
  public float[][] logits(List<PixelValues> images) throws InterruptedException {
    PixelValues first = images.getFirst();
    FloatBuffer values = FloatBuffer.allocate(Math.multiplyExact(images.size(), elements(first)));
    for (PixelValues image : images) {
      if (!sameSize(first, image)) {
        throw new IllegalArgumentException(
            "images of %d x %d and of %d x %d pixels in one batch, expected one size"
                .formatted(first.height(), first.width(), image.height(), image.width()));
      }
      values.put(image.values());
    }
    long[] shape = {images.size(), first.channels(), first.height(), first.width()};
    try {
      return executor.call(
          () ->
              Tensors.rows(
                  classifier
                      .model()
                      .logits(
                          Forward.inference(),
                          Tensors.of(values.array(), executor.device(), shape))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int elements(PixelValues image) {
    return image.values().length;
  }

  private static boolean sameSize(PixelValues one, PixelValues other) {
    return one.channels() == other.channels()
        && one.height() == other.height()
        && one.width() == other.width();
  }

  /**
   * Reads one row of outputs.
   *
   * @param function empty for what the model's configuration asks for
   * @param topK how many of the best labels, at least 1; all of them where there are fewer
   * @return labels by falling score
   */
  public List<LabelScore> scores(float[] logits, Optional<ScoreFunction> function, int topK) {
    if (topK < 1) {
      throw new IllegalArgumentException("top_k is " + topK + ", expected a positive number");
    }
    return LabelScore.best(labels, function.orElse(defaultFunction).apply(logits), topK);
  }

  /**
   * Labels images, in batches of those that are prepared to the same size.
   *
   * @return a list for each image, in order
   * @throws ImageException when one of them cannot be read
   */
  public List<List<LabelScore>> predict(
      List<byte[]> images, Optional<ScoreFunction> function, int topK) throws InterruptedException {
    List<List<LabelScore>> results = new ArrayList<>(images.size());
    List<PixelValues> batch = new ArrayList<>();
    for (byte[] image : images) {
      PixelValues prepared = preprocess(image);
      if (batch.size() == BATCH_IMAGES
          || (!batch.isEmpty() && !sameSize(batch.getFirst(), prepared))) {
        run(batch, function, topK, results);
      }
      batch.add(prepared);
    }
    run(batch, function, topK, results);
    return results;
  }

  private void run(
      List<PixelValues> batch,
      Optional<ScoreFunction> function,
      int topK,
      List<List<LabelScore>> results)
      throws InterruptedException {
    if (!batch.isEmpty()) {
      for (float[] row : logits(batch)) {
        results.add(scores(row, function, topK));
      }
      batch.clear();
    }
  }

  /** Frees the weights; calls that are under way must have ended. */
  @Override
  public void close() {
    executor.release(classifier::close);
  }
}
