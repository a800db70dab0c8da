package io.slipway.models.generation;

import io.slipway.models.generation.scores.ScoredToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was generated after a prompt.
 *
 * @param prompt its tokens, where they were asked for
 * @param tokens new ones, with the stop token that may have ended them
 * @param text of the new tokens, without stop token and, unless it is kept, stop string; empty
 *     without a {@link TokenText}
 */
public record GeneratedSequence(
    List<ScoredToken> prompt, List<ScoredToken> tokens, String text, FinishReason finishReason) {

  public GeneratedSequence {
    prompt = List.copyOf(prompt);
    tokens = List.copyOf(tokens);
  }

  /** What a beam search has found, with its text. */
  public static GeneratedSequence of(BeamHypothesis beam, TokenText text) {
    StringBuilder whole = new StringBuilder();
    int count = beam.ids().length - (beam.finishReason() == FinishReason.STOP_TOKEN ? 1 : 0);
    Arrays.stream(beam.ids()).limit(count).forEach(id -> whole.append(text.add(id)));
    whole.append(text.finish());
    return new GeneratedSequence(
        List.of(),
        Arrays.stream(beam.ids()).mapToObj(ScoredToken::unscored).toList(),
        whole.toString(),
        beam.finishReason());
  }

  /** The new tokens' ids. */
  public long[] ids() {
    return tokens.stream().mapToLong(ScoredToken::id).toArray();
  }

  /** Puts steps together. */
  public static final class Collector {

    private final Map<Long, Parts> sequences = new LinkedHashMap<>();

    /** Expects the steps of some sequences. */
    public Collector(List<Long> ids) {
      ids.forEach(id -> sequences.put(id, new Parts()));
    }

    public void add(GenerationStep step) {
      Parts parts = sequences.get(step.id());
      if (parts == null) {
        throw new IllegalArgumentException(
            "a step of sequence %d, expected one of %s".formatted(step.id(), sequences.keySet()));
      }
      parts.prompt.addAll(step.prompt());
      step.token().ifPresent(parts.tokens::add);
      parts.text.append(step.text());
      parts.finished = step.finished();
    }

    /**
     * The sequences in the order of the ids.
     *
     * @throws IllegalStateException when one has not ended
     */
    public List<GeneratedSequence> sequences() {
      return sequences.values().stream().map(Parts::whole).toList();
    }

    private static final class Parts {

      private final List<ScoredToken> prompt = new ArrayList<>();
      private final List<ScoredToken> tokens = new ArrayList<>();
      private final StringBuilder text = new StringBuilder();
      private Optional<FinishReason> finished = Optional.empty();

      GeneratedSequence whole() {
        return new GeneratedSequence(
            prompt,
            tokens,
            text.toString(),
            finished.orElseThrow(() -> new IllegalStateException("the sequence has not ended")));
      }
    }
  }
}
