package io.slipway.models.generation;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.generation.scores.ScoreAdjustment;
import io.slipway.models.generation.scores.ScoreRow;
import io.slipway.models.generation.settings.Beams;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.layers.pass.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Beam search over several prompts at once, each of which is searched as if it were alone. Every
 * step follows the reference's ({@code generation/utils.py}), in single precision as there, so that
 * the same sequences are found.
 *
 * <p>Runs on the compute thread only; owns its memory until it is closed.
 */
public final class BeamSearch implements AutoCloseable {

  private final Continuation sequences;
  private final Beams beams;
  private final ScoreAdjustment adjustment;
  private final List<BeamGroup> groups;

  /** Those that are still searched, in the order of their rows. */
  private List<BeamGroup> running;

  private boolean begun;

  /**
   * Begins a search.
   *
   * @param sequences a row for each prompt, which this owns from here: still empty, or with the
   *     first tokens of the prompt, which are not read again then
   * @param settings with beams
   * @throws IllegalArgumentException when a prompt does not fit its row; the sequences stay the
   *     caller's then
   */
  public BeamSearch(Continuation sequences, List<long[]> prompts, GenerationSettings settings) {
    if (prompts.size() != sequences.rows()) {
      throw new IllegalArgumentException(
          "%d prompts for %d rows".formatted(prompts.size(), sequences.rows()));
    }
    this.beams =
        settings
            .beams()
            .orElseThrow(() -> new IllegalArgumentException("no beams are set, expected some"));
    for (int i = 0; i < prompts.size(); i++) {
      GenerationRequest request = GenerationRequest.of(i, prompts.get(i), settings);
      if (request.longest() > sequences.capacity()) {
        throw new IllegalArgumentException(
            "a prompt of %d tokens and %d new ones, but there is room for %d"
                .formatted(prompts.get(i).length, settings.maxNewTokens(), sequences.capacity()));
      }
      if (sequences.length(i) >= prompts.get(i).length) {
        throw new IllegalArgumentException(
            "%d tokens are remembered of a prompt of %d, expected fewer"
                .formatted(sequences.length(i), prompts.get(i).length));
      }
    }
    this.sequences = sequences;
    this.adjustment = new ScoreAdjustment(settings);
    this.groups =
        IntStream.range(0, prompts.size())
            .mapToObj(i -> new BeamGroup(prompts.get(i), sequences.length(i), settings, beams))
            .toList();
    this.running = groups;
  }

  /**
   * Adds a token to each beam.
   *
   * @param forward with the adapters of the rows: one a prompt at first, then all beams of each
   *     prompt that is {@linkplain #running still searched}
   * @return whether there is more to do
   */
  public boolean step(Forward forward) {
    if (running.isEmpty()) {
      return false;
    }
    try (PointerScope scope = new PointerScope()) {
      long[][] due =
          running.stream().flatMap(group -> group.due(begun).stream()).toArray(long[][]::new);
      Tensor scores = ScoreRow.changeable(sequences.extend(forward, due));
      scores = torch.log_softmax(scores, -1); // [rows, vocabulary]
      int each = begun ? beams.count() : 1;
      int[] parents = new int[0];
      List<BeamGroup> next = new ArrayList<>();
      for (int i = 0; i < running.size(); i++) {
        BeamGroup group = running.get(i);
        int first = i * each;
        Tensor own = adjusted(group, scores.narrow(0, first, each));
        int[] chosen = group.advance(own);
        if (!group.finished()) {
          next.add(group);
          IntStream moved = IntStream.of(chosen).map(beam -> first + row(beam));
          parents = IntStream.concat(IntStream.of(parents), moved).toArray();
        }
      }
      sequences.select(parents);
      running = next;
      begun = true;
    }
    return !running.isEmpty();
  }

  /** Before the first step all beams of a prompt share a row. */
  private int row(int beam) {
    return begun ? beam : 0;
  }

  /** Log-probabilities of every beam of a prompt after penalties: [beams, vocabulary] */
  private Tensor adjusted(BeamGroup group, Tensor scores) {
    if (!adjustment.changesNothing()) {
      for (int beam = 0; beam < scores.size(0); beam++) {
        adjustment.apply(ScoreRow.of(scores.select(0, beam)), group.history(beam));
      }
    }
    Tensor all = beams.renormalized() ? torch.log_softmax(scores, -1) : scores;
    return all.expand(beams.count(), all.size(1));
  }

  /** Numbers of the prompts that are still searched, in the order of the rows. */
  public List<Integer> running() {
    return running.stream().map(groups::indexOf).toList();
  }

  /** Runs the search to its end and tells what it has found: for each prompt the best first. */
  public List<List<BeamHypothesis>> finish(Supplier<Forward> forward) {
    boolean more = true;
    while (more) {
      try (PointerScope scope = new PointerScope()) {
        more = step(forward.get());
      }
    }
    return found();
  }

  /**
   * What has been found for each prompt, the best first: once the search has ended as many as
   * beams, or all there are where constraints leave fewer.
   */
  public List<List<BeamHypothesis>> found() {
    return groups.stream().map(BeamGroup::found).toList();
  }

  @Override
  public void close() {
    running = List.of();
    sequences.close();
  }
}
