package io.slipway.benchmarks.conformance;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.generation.BeamHypothesis;
import io.slipway.models.generation.BeamSearch;
import io.slipway.models.generation.GenerationBatch;
import io.slipway.models.generation.GenerationRequest;
import io.slipway.models.generation.settings.GenerationConfig;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.generation.settings.Stopping;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The searches of a golden, each run again: a greedy one, and those with beams.
 *
 * @param <M> a model that generates
 * @param sequences what a search continues
 * @param newTokens at most; 0 where each search goes on as far as the golden's did
 */
record Searches<M>(Golden golden, ModelConfig config, Sequences<M> sequences, int newTokens)
    implements ModelCase.Generation<M> {

  /**
   * What a search continues.
   *
   * @param starts what each row begins with in the golden, padding included
   * @param prompts the same without padding
   * @param begin starts a sequence for each row, on the compute thread
   */
  record Sequences<M>(List<long[]> starts, List<long[]> prompts, Begin<M> begin) {}

  /** Starts a sequence for each row. */
  @FunctionalInterface
  interface Begin<M> {

    Continuation of(M model, int capacity);
  }

  @Override
  public void compare(M model, ComputeExecutor executor, Findings findings)
      throws IOException, InterruptedException {
    Optional<long[][]> greedy = golden.ids("generated");
    if (greedy.isPresent()) {
      Search search = search(greedy.get(), Map.of("num_beams", 1));
      compare(Kind.GREEDY_IDS, search, executor.call(() -> found(model, search)), findings);
    }
    for (Map.Entry<Integer, long[][]> beams : golden.beams().entrySet()) {
      Search search =
          search(
              beams.getValue(),
              Map.of("num_beams", beams.getKey(), "length_penalty", 1.0, "early_stopping", true));
      compare(Kind.BEAM_IDS, search, executor.call(() -> found(model, search)), findings);
    }
  }

  /** Rows that the reference found, and how it searched. */
  private record Search(List<EndedRow> expected, GenerationSettings settings, int capacity) {}

  /** How the reference searched: as the checkpoint asks, and without drawing tokens. */
  private Search search(long[][] rows, Map<String, Object> fields) throws IOException {
    int begins = sequences.starts.getFirst().length;
    int count =
        Math.max(
            newTokens, Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0) - begins);
    Map<String, Object> caller = new HashMap<>(fields);
    caller.put("do_sample", false);
    caller.put("max_new_tokens", count);
    GenerationConfig wanted =
        GenerationConfig.read(golden.directory(), config)
            .withCaller(
                ModelConfig.parse(Golden.FILE, new JsonMapper().writeValueAsString(caller)));
    GenerationSettings settings = wanted.settings(begins, OptionalInt.empty(), 0);
    EndedRow.Ends ends = new EndedRow.Ends(settings.stopping().tokens(), padding());
    List<EndedRow> expected = Stream.of(rows).map(row -> EndedRow.of(row, begins, ends)).toList();
    if (newTokens == 0) {
      settings = pastTheEnd(settings, expected);
    }
    int longest = sequences.prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
    return new Search(expected, settings, longest + count);
  }

  /**
   * A golden that goes on for a given number of tokens either never came to an end token, or did
   * not heed it. In the first case it may have been barred too, which is right for both.
   */
  private static GenerationSettings pastTheEnd(
      GenerationSettings settings, List<EndedRow> expected) {
    if (expected.stream().anyMatch(EndedRow::wentOn)) {
      return settings.withStopping(Stopping.NONE);
    }
    return expected.stream().anyMatch(EndedRow::ended)
        ? settings
        : settings.withMinNewTokens(settings.maxNewTokens());
  }

  private Optional<Integer> padding() throws IOException {
    Path file = golden.directory().resolve(GenerationConfig.FILE);
    Optional<Integer> own =
        Files.exists(file) ? ModelConfig.read(file).integer("pad_token_id") : Optional.empty();
    return own.or(() -> config.integer("pad_token_id"));
  }

  /** New ids of each row. */
  private List<long[]> found(M model, Search search) {
    return search.settings.beams().isPresent() ? withBeams(model, search) : greedily(model, search);
  }

  private List<long[]> greedily(M model, Search search) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (long[] prompt : sequences.prompts) {
      requests.add(GenerationRequest.of(requests.size(), prompt, search.settings));
    }
    try (GenerationBatch batch =
        new GenerationBatch(sequences.begin.of(model, search.capacity), requests)) {
      return batch.finish(Forward::inference).stream().map(found -> found.ids()).toList();
    }
  }

  private List<long[]> withBeams(M model, Search search) {
    try (BeamSearch beams =
        new BeamSearch(
            sequences.begin.of(model, search.capacity), sequences.prompts, search.settings)) {
      return beams.finish(Forward::inference).stream()
          .map(List::getFirst)
          .map(BeamHypothesis::ids)
          .toList();
    }
  }

  private void compare(Kind kind, Search search, List<long[]> found, Findings findings) {
    long[][] expected = search.expected.stream().map(EndedRow::ids).toArray(long[][]::new);
    long[][] actual = new long[found.size()][];
    for (int row = 0; row < actual.length; row++) {
      long[] start = sequences.starts.get(row);
      long[] ids = found.get(row);
      actual[row] = Arrays.copyOf(start, start.length + ids.length);
      System.arraycopy(ids, 0, actual[row], start.length, ids.length);
    }
    findings.ids(kind, expected, actual);
  }
}
