package io.slipway.models.task.features;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.modelfiles.tokenizer.TruncationSide;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TextModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A model that turns texts into vectors: a state for each token, or one embedding for each text.
 * What sentence-transformers wrote beside the model (pooling, normalization, prompts, a limit) is
 * followed. Safe for use by many threads.
 */
public final class FeatureExtraction implements AutoCloseable {

  /** Outputs for each token that batches are sized by; states are at most about as wide. */
  private static final int OUTPUTS = 1024;

  private final TextModel<TextEncoder> model;
  private final SentenceModules modules;

  /**
   * What a caller can ask for.
   *
   * @param pooling empty for the checkpoint's own
   * @param normalize whether vectors get the length 1; empty for what the checkpoint wants
   * @param promptName of a prompt of the checkpoint's, put before each text; empty for the
   *     checkpoint's default, often none
   * @param truncate whether a text that is too long is cut; otherwise it is refused
   * @param truncationSide what is cut; empty for what the tokenizer wants
   */
  public record Options(
      Optional<Pooling> pooling,
      Optional<Boolean> normalize,
      Optional<String> promptName,
      boolean truncate,
      Optional<TruncationSide> truncationSide) {

    public static final Options DEFAULT =
        new Options(Optional.empty(), Optional.empty(), Optional.empty(), true, Optional.empty());
  }

  private FeatureExtraction(TextModel<TextEncoder> model, SentenceModules modules) {
    this.model = model;
    this.modules = modules;
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static FeatureExtraction load(
      Path directory, ComputeExecutor executor, Precision precision)
      throws IOException, InterruptedException {
    SentenceModules modules = SentenceModules.read(directory);
    return new FeatureExtraction(
        TextModel.load(directory, Head.FEATURES, executor, precision, modules.maxLength()),
        modules);
  }

  /** Names of the prompts that the checkpoint has. */
  public Set<String> promptNames() {
    return modules.prompts().keySet();
  }

  /** Tokens at most of a text. */
  public int maxLength() {
    return model.tokenizer().maxLength();
  }

  /**
   * States of the last layer, as they are.
   *
   * @return for each text, [tokens, hidden], special tokens included
   */
  public List<float[][]> states(List<String> texts) throws InterruptedException {
    return model.run(
        texts.stream().map(model.tokenizer()::encode).toList(), OUTPUTS, FeatureExtraction::states);
  }

  /**
   * Embeds texts.
   *
   * @throws IllegalArgumentException when a prompt is not known, or a text is too long and must not
   *     be cut
   */
  public List<Embedding> embed(List<String> texts, Options options) throws InterruptedException {
    String prompt = prompt(options);
    int skipped = modules.includePrompt() || prompt.isEmpty() ? 0 : promptLength(prompt);
    List<TokenizedText> tokenized =
        texts.stream().map(text -> tokenize(prompt + text, options)).toList();
    List<Pooling> poolings = options.pooling().map(List::of).orElse(modules.poolings());
    boolean normalize = options.normalize().orElse(modules.normalize());
    // Pooled as they come: the states of many texts together are large.
    List<float[]> vectors =
        model.run(
            tokenized,
            OUTPUTS,
            (encoder, batch) ->
                states(encoder, batch).stream()
                    .map(states -> pooled(states, skipped, poolings, normalize))
                    .toList());
    List<Embedding> embeddings = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      embeddings.add(new Embedding(vectors.get(i), tokenized.get(i).length()));
    }
    return embeddings;
  }

  private static List<float[][]> states(TextEncoder encoder, TokenBatch batch) {
    return TextModel.perToken(encoder.encode(Forward.inference(), batch), batch);
  }

  private String prompt(Options options) {
    Optional<String> name = options.promptName().or(modules::defaultPrompt);
    if (name.isEmpty()) {
      return "";
    }
    String prompt = modules.prompts().get(name.get());
    if (prompt == null) {
      throw new IllegalArgumentException(
          "there is no prompt_name \"%s\"; the model has %s".formatted(name.get(), promptNames()));
    }
    return prompt;
  }

  /** Tokens of a prompt with what stands before it, but not what would end it. */
  private int promptLength(String prompt) {
    TokenizedText text = model.tokenizer().encode(prompt);
    return text.specialMask()[text.length() - 1] == 1 ? text.length() - 1 : text.length();
  }

  private TokenizedText tokenize(String text, Options options) {
    TextTokenizer tokenizer = model.tokenizer();
    TokenizedText tokenized =
        tokenizer.encode(
            modules.lowerCase() ? text.toLowerCase(Locale.ROOT) : text,
            true,
            tokenizer.maxLength(),
            options.truncationSide().orElse(tokenizer.truncationSide()));
    if (tokenized.truncated() && !options.truncate()) {
      throw new IllegalArgumentException(
          "a text has more than the %d tokens that the model reads, and truncate is false"
              .formatted(tokenizer.maxLength()));
    }
    return tokenized;
  }

  private static float[] pooled(
      float[][] states, int skipped, List<Pooling> poolings, boolean normalize) {
    int hidden = states[0].length;
    int from = Math.min(skipped, states.length - 1);
    float[] vector = new float[hidden * poolings.size()];
    for (int i = 0; i < poolings.size(); i++) {
      System.arraycopy(poolings.get(i).of(states, from), 0, vector, i * hidden, hidden);
    }
    return normalize ? normalized(vector) : vector;
  }

  private static float[] normalized(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    // As the reference bounds it, so that a vector of zeros stays one.
    double length = Math.max(Math.sqrt(squares), 1e-12);
    float[] normalized = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      normalized[i] = (float) (vector[i] / length);
    }
    return normalized;
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    model.close();
  }
}
