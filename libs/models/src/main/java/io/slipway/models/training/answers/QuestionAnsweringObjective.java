package io.slipway.models.training.answers;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
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
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The mean of two cross-entropies: of the answer's first token and of its last. */
record QuestionAnsweringObjective(
    QuestionAnsweringGoal goal, TokenScorer model, TextTokenizer tokenizer, ComputeDevice device)
    implements Objective<AnsweredQuestion, Window> {

  static QuestionAnsweringObjective begin(QuestionAnsweringGoal goal, BaseModel base)
      throws IOException, InterruptedException {
    return new QuestionAnsweringObjective(
        goal,
        base.load(Head.QUESTION_ANSWERING, List.of(), true),
        base.tokenizer(goal.maxLength()),
        base.device());
  }

  @Override
  public List<Window> examples(List<AnsweredQuestion> rows) {
    return rows.stream().flatMap(this::windows).toList();
  }

  private Stream<Window> windows(AnsweredQuestion row) {
    goal.check(row);
    return tokenizer
        .encodeWindows(row.question(), row.context(), goal.maxLength(), goal.stride())
        .stream()
        .map(text -> Window.of(row, text, nowhere(text)));
  }

  /** The classification token, or that of the beginning, where there is one; else the first. */
  private int nowhere(TokenizedText text) {
    OptionalLong marker = tokenizer.specialToken("cls");
    OptionalLong token = marker.isPresent() ? marker : tokenizer.specialToken("bos");
    for (int i = 0; token.isPresent() && i < text.length(); i++) {
      if (text.ids()[i] == token.getAsLong()) {
        return i;
      }
    }
    return 0;
  }

  @Override
  public int length(Window window) {
    return window.text().length();
  }

  private TokenBatch texts(List<Window> windows) {
    return TokenBatch.of(
        windows.stream().map(Window::text).toList(), tokenizer.specialToken("pad").orElse(0));
  }

  @Override
  public Batch batch(List<Window> windows) {
    TokenBatch batch = texts(windows);
    return new Batch(
        windows.size(),
        forward -> {
          Tensor scores = model.logits(forward, batch); // [rows, length, 2]
          return sum(scores.select(2, 0), windows, Window::start)
              .add(sum(scores.select(2, 1), windows, Window::end))
              .div(new Scalar(2.0));
        });
  }

  private Tensor sum(Tensor scores, List<Window> windows, ToIntFunction<Window> target) {
    long[] targets = windows.stream().mapToLong(target::applyAsInt).toArray();
    return CrossEntropy.plain().sum(scores, Tensors.of(targets, device, targets.length));
  }

  @Override
  public Measurement<Window> measurement() {
    AnswerTally tally = new AnswerTally(goal.maxAnswerLength());
    return new Measurement<>() {
      @Override
      public Consumer<Forward> prepare(List<Window> windows) {
        TokenBatch batch = texts(windows);
        return forward -> {
          Tensor scores = model.logits(forward, batch);
          float[][] starts = Tensors.rows(scores.select(2, 0));
          float[][] ends = Tensors.rows(scores.select(2, 1));
          for (int i = 0; i < starts.length; i++) {
            tally.add(windows.get(i), starts[i], ends[i]);
          }
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
