package io.slipway.models.task.tokens;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.ScoreFunction;
import io.slipway.models.task.TextModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A model that labels the tokens of texts, such as names in them. Safe for use by many threads. */
public final class TokenClassification implements AutoCloseable {

  private final TextModel<TokenScorer> model;
  private final EntityGroups groups;

  /**
   * What a caller can ask for.
   *
   * @param ignoreLabels labels that are left out, of tokens or of groups
   * @param stride for a text that is too long: tokens that each window over it shares with the one
   *     before. Empty to look at the first window alone
   */
  public record Options(
      AggregationStrategy aggregationStrategy, List<String> ignoreLabels, OptionalInt stride) {

    public static final Options DEFAULT =
        new Options(AggregationStrategy.NONE, List.of("O"), OptionalInt.empty());

    public Options {
      ignoreLabels = List.copyOf(ignoreLabels);
      if (stride.isPresent() && stride.getAsInt() < 0) {
        throw new IllegalArgumentException(
            "stride is " + stride.getAsInt() + ", expected at least 0");
      }
      if (stride.isPresent() && aggregationStrategy == AggregationStrategy.NONE) {
        throw new IllegalArgumentException(
            "a stride needs an aggregation_strategy other than none");
      }
    }
  }

  private TokenClassification(TextModel<TokenScorer> model) {
    this.model = model;
    this.groups = new EntityGroups(model.config().labels(), model.tokenizer()::join);
  }

  /**
   * Loads a checkpoint in Hub layout; its weights stay mapped, so its files must stay unchanged
   * until this is closed.
   *
   * @throws ModelFilesException when it is malformed, unsupported or does not fit together
   */
  public static TokenClassification load(
      Path directory, ComputeExecutor executor, Precision precision)
      throws IOException, InterruptedException {
    return new TokenClassification(
        TextModel.load(
            directory, Head.TOKEN_CLASSIFICATION, executor, precision, Integer.MAX_VALUE));
  }

  /** Labels by index. */
  public List<String> labels() {
    return groups.labels();
  }

  /**
   * Labels texts.
   *
   * @return for each text, its entities in the order of the text
   * @throws IllegalArgumentException when the stride leaves nothing of a window
   */
  public List<List<Entity>> predict(List<String> texts, Options options)
      throws InterruptedException {
    List<List<TokenizedText>> windows =
        texts.stream().map(text -> windows(text, options.stride())).toList();
    List<float[][]> logits =
        model.run(
            windows.stream().flatMap(List::stream).toList(),
            labels().size(),
            TokenClassification::logits);
    List<List<Entity>> results = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < texts.size(); i++) {
      List<Entity> found = new ArrayList<>();
      int[] characters = texts.get(i).codePoints().toArray();
      for (TokenizedText window : windows.get(i)) {
        groups
            .of(tokens(characters, window, logits.get(at++)), options.aggregationStrategy())
            .stream()
            .filter(entity -> !options.ignoreLabels().contains(entity.label()))
            .forEach(found::add);
      }
      results.add(windows.get(i).size() > 1 ? EntityGroups.withoutOverlaps(found) : found);
    }
    return results;
  }

  private List<TokenizedText> windows(String text, OptionalInt stride) {
    TextTokenizer tokenizer = model.tokenizer();
    return stride.isEmpty()
        ? List.of(tokenizer.encode(text))
        : tokenizer.encodeWindows(text, tokenizer.maxLength(), stride.getAsInt());
  }

  private static List<float[][]> logits(TokenScorer scorer, TokenBatch batch) {
    return TextModel.perToken(scorer.logits(Forward.inference(), batch), batch);
  }

  private List<LabelledToken> tokens(int[] text, TokenizedText window, float[][] logits) {
    TextTokenizer tokenizer = model.tokenizer();
    OptionalLong unknown = tokenizer.specialToken("unk");
    List<LabelledToken> tokens = new ArrayList<>();
    for (int i = 0; i < window.length(); i++) {
      if (window.specialMask()[i] == 1) {
        continue;
      }
      long id = window.ids()[i];
      int start = window.starts()[i];
      int end = window.ends()[i];
      String token = tokenizer.token(id).orElse("");
      boolean subword = start >= 0 && continuesWord(text, token, start, end);
      if (start >= 0 && unknown.equals(OptionalLong.of(id))) {
        token = new String(text, start, end - start);
        subword = false;
      }
      tokens.add(
          new LabelledToken(token, ScoreFunction.SOFTMAX.apply(logits[i]), i, start, end, subword));
    }
    return tokens;
  }

  /** By the mark of continuing tokens; where a tokenizer has none, by the spaces in the text. */
  private boolean continuesWord(int[] text, String token, int start, int end) {
    if (!model.tokenizer().continuingSubwordPrefix().isEmpty()) {
      return token.codePointCount(0, token.length()) != end - start;
    }
    return start > 0 && text[start - 1] != ' ' && (start == text.length || text[start] != ' ');
  }

  /** Frees the weights and the tokenizer; calls that are under way must have ended. */
  @Override
  public void close() {
    model.close();
  }
}
