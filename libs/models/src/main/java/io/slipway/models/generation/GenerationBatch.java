package io.slipway.models.generation;

import io.slipway.models.architecture.Continuation;
import io.slipway.models.generation.scores.ScoreRow;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Sequences that are generated together, a token each in a step. They need not be equally long:
 * those that are finished leave, and others may {@linkplain #join join} between two steps. What a
 * sequence becomes does not depend on the others.
 *
 * <p>Runs on the compute thread only; owns its memory until it is closed.
 */
public final class GenerationBatch implements AutoCloseable {

  private final Continuation sequences;
  private List<GeneratingRow> rows;

  /**
   * Begins a batch.
   *
   * @param sequences a row for each request, which this owns from here: still empty, or with the
   *     first tokens of the request's prompt, which are not read again then
   * @throws IllegalArgumentException when a request does not fit its row; the sequences stay the
   *     caller's then
   */
  public GenerationBatch(Continuation sequences, List<GenerationRequest> requests) {
    if (requests.size() != sequences.rows()) {
      throw new IllegalArgumentException(
          "%d requests for %d rows".formatted(requests.size(), sequences.rows()));
    }
    requests.forEach(request -> checkLength(request, sequences.capacity()));
    checkIds(requests.stream().map(GenerationRequest::id).toList());
    this.sequences = sequences;
    this.rows =
        IntStream.range(0, requests.size())
            .mapToObj(i -> new GeneratingRow(requests.get(i), sequences.length(i)))
            .toList();
  }

  private static void checkLength(GenerationRequest request, int capacity) {
    if (request.longest() > capacity) {
      throw new IllegalArgumentException(
          "a prompt of %d tokens and %d new ones, but there is room for %d"
              .formatted(request.prompt().length, request.settings().maxNewTokens(), capacity));
    }
  }

  private static void checkIds(List<Long> ids) {
    if (ids.stream().distinct().count() < ids.size()) {
      throw new IllegalArgumentException("requests %s, expected each id once".formatted(ids));
    }
  }

  /** Ids of the sequences that are under way, in the order of the rows that a pass runs over. */
  public List<Long> ids() {
    return rows.stream().map(row -> row.request().id()).toList();
  }

  /**
   * Adds the sequences of another batch, which is closed: it may just have begun, or be under way.
   *
   * @throws IllegalArgumentException when they do not fit here; nothing has changed then
   */
  public void join(GenerationBatch other) {
    other.rows.forEach(row -> checkLength(row.request(), sequences.capacity()));
    List<Long> all = new ArrayList<>(ids());
    all.addAll(other.ids());
    checkIds(all);
    sequences.append(other.sequences);
    List<GeneratingRow> joined = new ArrayList<>(rows);
    joined.addAll(other.rows);
    rows = joined;
    other.close();
  }

  /**
   * Adds a token to each sequence.
   *
   * @param forward with the adapters of the rows, in the order of {@link #ids()}
   * @return what became of each, in that order
   */
  public List<GenerationStep> step(Forward forward) {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<GenerationStep> steps;
    try (PointerScope scope = new PointerScope()) {
      steps = choose(extend(forward));
      keep(rows.stream().map(row -> !row.finished()).toList());
    }
    return steps;
  }

  private Tensor extend(Forward forward) {
    long[][] due = rows.stream().map(GeneratingRow::due).toArray(long[][]::new);
    if (rows.stream().noneMatch(GeneratingRow::scoresPrompt)) {
      return sequences.extend(forward, due);
    }
    return sequences.extend(
        forward,
        due,
        (row, from, scores) -> {
          if (rows.get(row).scoresPrompt()) {
            rows.get(row).readPrompt(from, scores);
          }
        });
  }

  private List<GenerationStep> choose(Tensor scores) {
    List<GenerationStep> steps = new ArrayList<>(rows.size());
    if (rows.stream().allMatch(GeneratingRow::takesBest)) {
      long[] best = Tensors.longs(scores.argmax(new LongOptional(-1), false));
      IntStream.range(0, best.length).forEach(i -> steps.add(rows.get(i).chooseBest(best[i])));
    } else {
      Tensor changeable = ScoreRow.changeable(scores); // [rows, vocabulary]
      for (int i = 0; i < rows.size(); i++) {
        steps.add(rows.get(i).choose(changeable.select(0, i)));
      }
    }
    return steps;
  }

  private void keep(List<Boolean> kept) {
    int[] staying = IntStream.range(0, rows.size()).filter(kept::get).toArray();
    if (staying.length < rows.size()) {
      sequences.select(staying);
      rows = IntStream.of(staying).mapToObj(rows::get).toList();
    }
  }

  /** Ends a sequence where it is; empty when it is not under way. */
  public Optional<GenerationStep> cancel(long id) {
    Optional<GenerationStep> last =
        rows.stream().filter(row -> row.request().id() == id).findAny().map(GeneratingRow::cancel);
    try (PointerScope scope = new PointerScope()) {
      keep(rows.stream().map(row -> !row.finished()).toList());
    }
    return last;
  }

  /** Runs all sequences to their ends in one go. */
  public List<GeneratedSequence> finish(Supplier<Forward> forward) {
    GeneratedSequence.Collector collector = new GeneratedSequence.Collector(ids());
    while (!rows.isEmpty()) {
      try (PointerScope scope = new PointerScope()) {
        step(forward.get()).forEach(collector::add);
      }
    }
    return collector.sequences();
  }

  @Override
  public void close() {
    rows = List.of();
    sequences.close();
  }
}
