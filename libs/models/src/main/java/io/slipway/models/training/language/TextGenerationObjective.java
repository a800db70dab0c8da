package io.slipway.models.training.language;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.modelfiles.tokenizer.TruncationSide;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.BaseModel;
import io.slipway.models.training.CrossEntropy;
import io.slipway.models.training.Measurement;
import io.slipway.models.training.Objective;
import io.slipway.models.training.Validation;
import io.slipway.models.training.language.LearnedText.Part;
import io.slipway.models.training.run.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/** Cross-entropy of each learned token with what the model expects after those before it. */
record TextGenerationObjective(
    TextGenerationGoal goal,
    CausalDecoder model,
    TextTokenizer tokenizer,
    CrossEntropy crossEntropy,
    ComputeDevice device)
    implements Objective<LearnedText, LearnedTokens> {

  static TextGenerationObjective begin(TextGenerationGoal goal, BaseModel base)
      throws IOException, InterruptedException {
    TextTokenizer tokenizer = base.tokenizer(goal.maxLength());
    if (goal.ended() && tokenizer.specialToken("eos").isEmpty()) {
      throw new IllegalArgumentException(
          "texts shall be ended, but the model's tokenizer has no end token");
    }
    return new TextGenerationObjective(
        goal,
        base.load(Head.CAUSAL_LM, List.of(), false),
        tokenizer,
        new CrossEntropy(base.settings().labelSmoothing(), List.of()),
        base.device());
  }

  @Override
  public List<LearnedTokens> examples(List<LearnedText> rows) {
    int limit = tokenizer.maxLength();
    List<LearnedTokens> texts = rows.stream().map(this::tokens).toList();
    return goal.packed()
        ? LearnedTokens.packed(texts, limit)
        : texts.stream().map(text -> text.first(limit)).filter(LearnedTokens::teaches).toList();
  }

  private LearnedTokens tokens(LearnedText row) {
    TokenizedText text =
        tokenizer.encode(row.text(), row.framed(), Integer.MAX_VALUE, TruncationSide.RIGHT);
    boolean whole = row.learned().equals(LearnedText.of(row.text()).learned());
    List<Long> ids = new ArrayList<>();
    List<Boolean> learned = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      ids.add(text.ids()[i]);
      learned.add(whole || isLearned(row, text, i));
    }
    OptionalLong end = tokenizer.specialToken("eos");
    if (goal.ended() && (ids.isEmpty() || ids.getLast() != end.getAsLong())) {
      ids.add(end.getAsLong());
      learned.add(row.learned().stream().anyMatch(part -> part.end() == length(row.text())));
    }
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("a row has no text");
    }
    return LearnedTokens.of(ids, learned);
  }

  private static boolean isLearned(LearnedText row, TokenizedText text, int token) {
    int start = text.starts()[token];
    int end = text.ends()[token];
    if (start < 0 && text.specialMask()[token] == 0) {
      throw new IllegalArgumentException(
          "the model's tokenizer does not tell which characters a token stands for, so that no part of a text can be learned alone");
    }
    for (Part part : row.learned()) {
      if (start >= 0 && end > part.start() && start < part.end()) {
        return true;
      }
    }
    return false;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public int length(LearnedTokens example) {
    return example.ids().length;
  }

  private TokenBatch texts(List<LearnedTokens> examples) {
    return TokenBatch.of(
        examples.stream().map(example -> TokenizedText.of(example.ids())).toList(),
        tokenizer.specialToken("pad").orElse(0));
  }

  /** What follows each token: [rows, length] */
  private static long[] targets(List<LearnedTokens> examples, int length) {
    long[] targets = new long[Math.multiplyExact(examples.size(), length)];
    Arrays.fill(targets, CrossEntropy.IGNORED);
    for (int row = 0; row < examples.size(); row++) {
      LearnedTokens example = examples.get(row);
      for (int i = 1; i < example.ids().length; i++) {
        if (example.learned()[i]) {
          targets[row * length + i - 1] = example.ids()[i];
        }
      }
    }
    return targets;
  }

  @Override
  public Batch batch(List<LearnedTokens> examples) {
    TokenBatch batch = texts(examples);
    long[] targets = targets(examples, batch.length());
    return new Batch(
        crossEntropy.items(targets),
        forward ->
            crossEntropy.sum(
                model.logits(forward, batch), Tensors.of(targets, device, targets.length)));
  }

  @Override
  public Measurement<LearnedTokens> measurement() {
    TokenTally tally = new TokenTally();
    return new Measurement<>() {
      @Override
      public Consumer<Forward> prepare(List<LearnedTokens> examples) {
        TokenBatch batch = texts(examples);
        long[] targets = targets(examples, batch.length());
        return forward -> {
          Tensor logits = model.logits(forward, batch);
          tally.add(logits, targets, device);
        };
      }

      @Override
      public Validation result(int rows) {
        return tally.result(rows);
      }
    };
  }

  @Override
  public ModelConfig configuration(ModelConfig base) {
    return base;
  }
}
