package io.slipway.models.task;

import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.generation.BeamHypothesis;
import io.slipway.models.generation.BeamSearch;
import io.slipway.models.generation.GeneratedSequence;
import io.slipway.models.generation.GenerationBatch;
import io.slipway.models.generation.GenerationRequest;
import io.slipway.models.generation.GenerationStep;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.NativeWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Generates on the compute thread, a step in each unit of work, so that other work goes between the
 * steps and a caller that is interrupted or loses interest ends it early.
 */
final class GenerationRuns {

  /** Rows that run at once. */
  private static final int ROWS = 32;

  /** Makes the rows that sequences grow in; on the compute thread. */
  @FunctionalInterface
  interface Beginning {

    /**
     * Rows for inputs.
     *
     * @param capacity tokens that a row may come to have
     */
    Continuation begin(List<TokenizedText> inputs, int capacity);
  }

  /**
   * A sequence to generate.
   *
   * @param input a decoder's prompt, or the source that an encoder reads
   */
  record Job(TokenizedText input, GenerationRequest request) {}

  private record Progress(List<GenerationStep> steps, boolean more) {}

  private final ComputeExecutor executor;
  private final Beginning beginning;

  GenerationRuns(ComputeExecutor executor, Beginning beginning) {
    this.executor = executor;
    this.beginning = beginning;
  }

  /**
   * Generates sequences, some at a time.
   *
   * @param listener is told every step, and says whether its sequence goes on
   * @return them in order
   */
  List<GeneratedSequence> sequences(List<Job> jobs, Predicate<GenerationStep> listener)
      throws InterruptedException {
    List<GeneratedSequence> found = new ArrayList<>(jobs.size());
    for (int from = 0; from < jobs.size(); from += ROWS) {
      found.addAll(together(jobs.subList(from, Math.min(from + ROWS, jobs.size())), listener));
    }
    return found;
  }

  private List<GeneratedSequence> together(List<Job> jobs, Predicate<GenerationStep> listener)
      throws InterruptedException {
    List<GenerationRequest> requests = jobs.stream().map(Job::request).toList();
    int capacity = requests.stream().mapToInt(GenerationRequest::longest).max().orElseThrow();
    List<TokenizedText> inputs = jobs.stream().map(Job::input).toList();
    GenerationBatch batch = begin(inputs, capacity, rows -> new GenerationBatch(rows, requests));
    GeneratedSequence.Collector collector =
        new GeneratedSequence.Collector(requests.stream().map(GenerationRequest::id).toList());
    try {
      boolean more = true;
      while (more) {
        Progress progress =
            call(
                () -> {
                  List<GenerationStep> steps = batch.step(Forward.inference());
                  return new Progress(steps, !batch.ids().isEmpty());
                });
        more = progress.more();
        for (GenerationStep step : progress.steps()) {
          collector.add(step);
          if (!listener.test(step) && step.finished().isEmpty()) {
            Optional<GenerationStep> last = call(() -> batch.cancel(step.id()));
            last.ifPresent(collector::add);
            more = call(() -> !batch.ids().isEmpty());
          }
        }
      }
    } finally {
      executor.release(batch::close);
    }
    return collector.sequences();
  }

  /** Searches with beams, for some inputs at a time; in order, and for each the best first. */
  List<List<BeamHypothesis>> beams(
      List<TokenizedText> inputs, List<long[]> starts, GenerationSettings settings)
      throws InterruptedException {
    int width = settings.beams().orElseThrow().count();
    int some = Math.max(1, ROWS / width);
    List<List<BeamHypothesis>> found = new ArrayList<>(inputs.size());
    for (int from = 0; from < inputs.size(); from += some) {
      int to = Math.min(from + some, inputs.size());
      found.addAll(search(inputs.subList(from, to), starts.subList(from, to), settings));
    }
    return found;
  }

  private List<List<BeamHypothesis>> search(
      List<TokenizedText> inputs, List<long[]> starts, GenerationSettings settings)
      throws InterruptedException {
    int longest = starts.stream().mapToInt(start -> start.length).max().orElseThrow();
    int capacity = longest + settings.maxNewTokens() - 1;
    BeamSearch search = begin(inputs, capacity, rows -> new BeamSearch(rows, starts, settings));
    try {
      boolean more = true;
      while (more) {
        more = call(() -> search.step(Forward.inference()));
      }
      return call(search::found);
    } finally {
      executor.release(search::close);
    }
  }

  private <T> T begin(List<TokenizedText> inputs, int capacity, Function<Continuation, T> use)
      throws InterruptedException {
    return call(
        () -> {
          Continuation rows = beginning.begin(inputs, capacity);
          boolean used = false;
          try {
            T user = use.apply(rows);
            used = true;
            return user;
          } finally {
            if (!used) {
              rows.close();
            }
          }
        });
  }

  private <T> T call(NativeWork<T> work) throws InterruptedException {
    try {
      return executor.call(work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
