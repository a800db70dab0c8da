package io.slipway.models.task;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A model that reads texts, with its tokenizer: what the tasks of encoders have in common. Safe for
 * use by many threads.
 *
 * @param <M> what the model can do, as its head says
 */
public final class TextModel<M> implements AutoCloseable {

  /** Rows that run at once. */
  private static final int BATCH_ROWS = 32;

  /** Outputs of a batch that are held at once, as far as one row alone does not have more. */
  private static final long BATCH_OUTPUTS = 1 << 26;

  private final ComputeExecutor executor;
  private final LoadedModel<M> loaded;
  private final TextTokenizer tokenizer;
  private final ModelConfig config;

  /** One pass of a batch through the model, on the compute thread. */
  @FunctionalInterface
  public interface Pass<M, R> {

    /**
     * @return a result for each row, as plain Java values
     */
    List<R> run(M model, TokenBatch batch);
  }

  private TextModel(
      ComputeExecutor executor,
      LoadedModel<M> loaded,
      TextTokenizer tokenizer,
      ModelConfig config) {
    this.executor = executor;
    this.loaded = loaded;
    this.tokenizer = tokenizer;
    this.config = config;
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @param maxLength tokens at most of a text, where the architecture and the tokenizer allow them
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static <M> TextModel<M> load(
      Path directory, Head<M> head, ComputeExecutor executor, Precision precision, int maxLength)
      throws IOException, InterruptedException {
    Checkpoint checkpoint = Checkpoint.open(directory);
    ModelConfig config = checkpoint.config();
    TextTokenizer tokenizer = null;
    boolean complete = false;
    try {
      int positions = LoadedModel.positions(config).orElse(Integer.MAX_VALUE);
      tokenizer = TextTokenizer.open(directory, Math.min(positions, maxLength));
      LoadedModel<M> loaded =
          executor.call(
              () -> LoadedModel.forInference(checkpoint, head, executor.device(), precision));
      complete = true;
      return new TextModel<>(executor, loaded, tokenizer, config);
    } finally {
      if (!complete) {
        checkpoint.close();
        if (tokenizer != null) {
          tokenizer.close();
        }
      }
    }
  }

  public ModelConfig config() {
    return config;
  }

  /** Where the model runs. */
  public ComputeDevice device() {
    return executor.device();
  }

  public TextTokenizer tokenizer() {
    return tokenizer;
  }

  /** Runs texts in one batch, padded to the longest of them. */
  public <R> List<R> batch(List<TokenizedText> texts, Pass<M, R> pass) throws InterruptedException {
    TokenBatch batch = TokenBatch.of(texts, tokenizer.specialToken("pad").orElse(0));
    try {
      return executor.call(() -> pass.run(loaded.model(), batch));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs texts in batches of similar lengths.
   *
   * @param outputs numbers that the model puts out for each token
   * @return a result for each text, in order
   */
  public <R> List<R> run(List<TokenizedText> texts, int outputs, Pass<M, R> pass)
      throws InterruptedException {
    List<Integer> byLength =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> texts.get(i).length()))
            .toList();
    List<R> results = new ArrayList<>(byLength.size());
    for (int from = 0; from < byLength.size(); ) {
      int to = from + 1;
      while (to < byLength.size() && to - from < BATCH_ROWS) {
        long length = texts.get(byLength.get(to)).length();
        if ((to + 1 - from) * length * outputs > BATCH_OUTPUTS) {
          break;
        }
        to++;
      }
      results.addAll(batch(byLength.subList(from, to).stream().map(texts::get).toList(), pass));
      from = to;
    }
    int[] places = new int[byLength.size()];
    IntStream.range(0, places.length).forEach(i -> places[byLength.get(i)] = i);
    return Arrays.stream(places).mapToObj(results::get).toList();
  }

  /**
   * Outputs by row and token, without padding.
   *
   * @param tensor [rows, length, outputs]
   */
  public static List<float[][]> perToken(Tensor tensor, TokenBatch batch) {
    float[][] all = Tensors.rows(tensor.reshape(-1, tensor.size(2)));
    int[] lengths = batch.lengths();
    return IntStream.range(0, batch.rows())
        .mapToObj(
            row ->
                Arrays.copyOfRange(all, row * batch.length(), row * batch.length() + lengths[row]))
        .toList();
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    executor.release(loaded::close);
    tokenizer.close();
  }
}
