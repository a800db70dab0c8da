package io.slipway.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.data.Offset.offset;

import io.slipway.models.OnCpu;
import io.slipway.models.architecture.CausalContinuation;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.generation.GenerationCase.Opened;
import io.slipway.models.generation.scores.ScoredToken;
import io.slipway.models.generation.settings.Beams;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.generation.settings.Sampling;
import io.slipway.models.generation.settings.Stopping;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.NativeWork;
import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationBatchTests {

  private static final GenerationSettings FREE = GenerationSettings.greedy(14);

  @OnCpu private static ComputeExecutor executor;

  static Stream<GenerationCase> cases() {
    return GenerationCase.all();
  }

  static Stream<GenerationCase> decoders() {
    return GenerationCase.decoders();
  }

  private static <T> T run(NativeWork<T> work) throws Exception {
    return executor.call(work);
  }

  private static GeneratedSequence alone(
      Opened opened, long[] prompt, GenerationSettings settings) {
    return opened.generate(List.of(prompt), List.of(settings)).getFirst();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sequencesThatJoinAndLeaveBecomeWhatTheyBecomeAlone(GenerationCase reference)
      throws Exception {
    run(
        () -> {
          try (Opened opened = reference.open()) {
            List<long[]> prompts = reference.prompts();
            List<GenerationSettings> settings =
                List.of(
                    GenerationSettings.greedy(4),
                    GenerationSettings.greedy(12),
                    GenerationSettings.greedy(9).withSampling(Sampling.plain(3)),
                    GenerationSettings.greedy(14)
                        .withSampling(new Sampling(0.8, 20, 0.9, 0.01, 1, 4)));
            Map<Long, List<Long>> found = new HashMap<>();
            try (GenerationBatch batch =
                opened.batch(prompts.subList(1, 3), settings.subList(0, 2), 0)) {
              step(batch, found, 2);
              GenerationBatch third =
                  opened.batch(prompts.subList(0, 1), settings.subList(2, 3), 2);
              step(third, found, 1);
              batch.join(third);
              step(batch, found, 3);
              assertThat(batch.ids()).containsExactly(1L, 2L);
              // A batch that has not read its prompt yet may join as well.
              batch.join(opened.batch(prompts.subList(3, 4), settings.subList(3, 4), 3));
              step(batch, found, 14);
              assertThat(batch.ids()).isEmpty();
            }
            List<long[]> order =
                List.of(prompts.get(1), prompts.get(2), prompts.get(0), prompts.get(3));
            for (int i = 0; i < order.size(); i++) {
              assertThat(found.get((long) i))
                  .as("sequence %d", i)
                  .containsExactlyElementsOf(
                      boxed(alone(opened, order.get(i), settings.get(i)).ids()));
            }
            return true;
          }
        });
  }

  private static void step(GenerationBatch batch, Map<Long, List<Long>> found, int count) {
    for (int i = 0; i < count; i++) {
      for (GenerationStep step : batch.step(Forward.inference())) {
        found
            .computeIfAbsent(step.id(), id -> new ArrayList<>())
            .add(step.token().orElseThrow().id());
      }
    }
  }

  private static List<Long> boxed(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsOfEveryBatchSizeScoreAsAlone(GenerationCase reference) throws Exception {
    run(
        () -> {
          try (Opened opened = reference.open()) {
            List<long[]> prompts = reference.prompts();
            List<float[][]> expected = new ArrayList<>();
            for (long[] prompt : prompts) {
              expected.add(scores(opened, List.of(prompt)));
            }
            for (int rows = 2; rows <= 7; rows++) {
              List<long[]> many = new ArrayList<>();
              for (int i = 0; i < rows; i++) {
                many.add(prompts.get(i % prompts.size()));
              }
              float[][] together = scores(opened, many);
              int vocabulary = together[0].length;
              for (int i = 0; i < many.size(); i++) {
                for (int at = 0; at < together.length / many.size(); at++) {
                  assertThat(together[at * many.size() + i])
                      .hasSize(vocabulary)
                      .containsExactly(expected.get(i % prompts.size())[at], offset(5e-4f));
                }
              }
            }
            return true;
          }
        });
  }

  /** Scores after the prompts and after each of twelve more tokens, step by step. */
  private static float[][] scores(Opened opened, List<long[]> prompts) {
    List<float[]> all = new ArrayList<>();
    try (Continuation rows = opened.begin(prompts)) {
      long[][] due = prompts.stream().map(opened::start).toArray(long[][]::new);
      for (int step = 0; step < 12; step++) {
        Collections.addAll(all, Tensors.rows(rows.extend(Forward.inference(), due)));
        long next = 5 + 7 * step;
        due = prompts.stream().map(p -> new long[] {next}).toArray(long[][]::new);
      }
    }
    return all.toArray(float[][]::new);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void promptsThatBeginWithARememberedPrefixContinueAsReadWhole(GenerationCase reference)
      throws Exception {
    run(
        () -> {
          try (Opened opened = reference.open()) {
            CausalDecoder decoder = (CausalDecoder) opened.model().model();
            long[] prefix = reference.prompts().getFirst();
            long[] one = joined(prefix, 9, 40, 41);
            long[] other = joined(Arrays.copyOf(prefix, 7), 77);
            try (CausalContinuation remembered = decoder.begin(1, GenerationCase.POSITIONS)) {
              remembered.extend(Forward.inference(), new long[][] {prefix});
              CausalContinuation rows = decoder.begin(0, GenerationCase.POSITIONS);
              rows.append(remembered);
              rows.append(remembered);
              rows.reuse(1, 1, 7);
              GenerationBatch batch =
                  new GenerationBatch(
                      rows,
                      List.of(
                          GenerationRequest.of(0, one, FREE.withLogProbabilities(2, false)),
                          GenerationRequest.of(1, other, FREE.withLogProbabilities(2, false))));
              List<GeneratedSequence> found;
              try (batch) {
                found = batch.finish(Forward::inference);
              }
              assertClose(found.get(0), alone(opened, one, FREE.withLogProbabilities(2, false)));
              assertClose(found.get(1), alone(opened, other, FREE.withLogProbabilities(2, false)));
              assertThat(remembered.length(0)).isEqualTo(prefix.length);
            }
            return true;
          }
        });
  }

  private static void assertClose(GeneratedSequence actual, GeneratedSequence expected) {
    assertThat(actual.ids()).containsExactly(expected.ids());
    assertThat(actual.tokens().stream().mapToDouble(ScoredToken::logProbability).toArray())
        .containsExactly(
            expected.tokens().stream().mapToDouble(ScoredToken::logProbability).toArray(),
            offset(1e-4));
  }

  private static long[] joined(long[] one, long... more) {
    long[] all = Arrays.copyOf(one, one.length + more.length);
    System.arraycopy(more, 0, all, one.length, more.length);
    return all;
  }

  @Test
  void readsAPromptWithoutContinuingIt() throws Exception {
    GenerationCase reference = GenerationCase.named("gpt2");
    GeneratedSequence sequence =
        run(
            () -> {
              try (Opened opened = reference.open()) {
                return alone(
                    opened,
                    reference.prompts().getFirst(),
                    GenerationSettings.greedy(0).withLogProbabilities(0, true));
              }
            });
    double[] own =
        GenerationCase.doubles(reference.golden().get("log_probabilities").get(0).get("own"));
    assertThat(sequence.tokens()).isEmpty();
    assertThat(sequence.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(sequence.prompt()).hasSize(12);
    assertThat(sequence.prompt().stream().skip(1).mapToDouble(ScoredToken::logProbability))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-4 ? 0 : Double.compare(a, b))
        .containsExactlyElementsOf(Arrays.stream(own).limit(11).boxed().toList());
  }

  @Test
  void cancelledSequencesLeaveAndTheOthersGoOn() throws Exception {
    GenerationCase reference = GenerationCase.named("mistral");
    run(
        () -> {
          try (Opened opened = reference.open();
              GenerationBatch batch =
                  opened.batch(reference.prompts(), List.of(FREE, FREE, FREE, FREE), 10)) {
            Map<Long, List<Long>> found = new HashMap<>();
            step(batch, found, 3);
            assertThat(batch.cancel(11).orElseThrow().finished()).contains(FinishReason.CANCELLED);
            assertThat(batch.cancel(11)).isEmpty();
            step(batch, found, 11);
            assertThat(found.get(11L)).hasSize(3);
            assertThat(found.get(12L))
                .containsExactlyElementsOf(
                    boxed(alone(opened, reference.prompts().get(2), FREE).ids()));
            return true;
          }
        });
  }

  @Test
  void endsAtAStopStringAndGivesNoneOfItAway() throws Exception {
    GenerationCase reference = GenerationCase.named("llama");
    run(
        () -> {
          try (Opened opened = reference.open()) {
            long[] prompt = reference.prompts().getFirst();
            long[] free = alone(opened, prompt, FREE).ids();
            String stop = free[5] + "," + free[6];
            GenerationSettings settings =
                FREE.withStopping(new Stopping(Set.of(), List.of(stop), false));
            List<GenerationStep> steps = new ArrayList<>();
            try (GenerationBatch batch =
                new GenerationBatch(
                    opened.begin(List.of(prompt)),
                    List.of(new GenerationRequest(0, prompt, settings, new Numbers())))) {
              while (!batch.ids().isEmpty()) {
                steps.addAll(batch.step(Forward.inference()));
              }
            }
            String all = String.join("", steps.stream().map(GenerationStep::text).toList());
            StringBuilder whole = new StringBuilder();
            Arrays.stream(free).forEach(id -> whole.append(id).append(','));
            assertThat(steps.getLast().finished()).contains(FinishReason.STOP_STRING);
            assertThat(all).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(steps).hasSizeLessThanOrEqualTo(7);
            return true;
          }
        });
  }

  /** Text in which each token is its number. */
  private static final class Numbers implements TokenText {

    @Override
    public String add(long token) {
      return token + ",";
    }

    @Override
    public String finish() {
      return "";
    }
  }

  @Test
  void aSeedDrawsTheSameInAnyBatch() throws Exception {
    GenerationCase reference = GenerationCase.named("gpt2");
    run(
        () -> {
          try (Opened opened = reference.open()) {
            List<long[]> prompts = reference.prompts();
            GenerationSettings settings = FREE.withSampling(Sampling.plain(42));
            long[] alone = alone(opened, prompts.get(1), settings).ids();
            long[] again = alone(opened, prompts.get(1), settings).ids();
            long[] inBatch =
                opened
                    .generate(
                        prompts,
                        List.of(
                            FREE.withSampling(Sampling.plain(1)),
                            settings,
                            FREE,
                            FREE.withSampling(Sampling.plain(42))))
                    .get(1)
                    .ids();
            long[] other =
                alone(opened, prompts.get(1), FREE.withSampling(Sampling.plain(43))).ids();
            assertThat(again).containsExactly(alone);
            assertThat(inBatch).containsExactly(alone);
            assertThat(other).isNotEqualTo(alone);
            return true;
          }
        });
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    GenerationCase reference = GenerationCase.named("gpt2");
    run(
        () -> {
          try (Opened opened = reference.open();
              Opened another = GenerationCase.named("llama").open()) {
            long[] prompt = reference.prompts().getFirst();
            assertThatIllegalArgumentException()
                .isThrownBy(() -> alone(opened, prompt, GenerationSettings.greedy(60)))
                .withMessageContaining("12 tokens and 60 new ones, but there is room for 48");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> alone(opened, new long[0], FREE))
                .withMessageContaining("no token");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> alone(opened, new long[] {100_000}, FREE))
                .withMessageContaining("token id 100000");
            try (GenerationBatch one = opened.batch(List.of(prompt), List.of(FREE), 7);
                GenerationBatch same = opened.batch(List.of(prompt), List.of(FREE), 7);
                GenerationBatch foreign = another.batch(List.of(prompt), List.of(FREE), 8)) {
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> one.join(same))
                  .withMessageContaining("each id once");
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> one.join(foreign))
                  .withMessageContaining("another model");
            }
            return true;
          }
        });
  }

  @Test
  void settingsNameWhatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sampling(0, 0, 1, 0, 1, 0))
        .withMessageContaining("temperature is 0.0, expected more than 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sampling(1, 0, 1.2, 0, 1, 0))
        .withMessageContaining("topP is 1.2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FREE.withMinNewTokens(15))
        .withMessageContaining("minNewTokens is 15");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FREE.withBeams(Beams.of(2)).withSampling(Sampling.plain(0)))
        .withMessageContaining("sampling with beams");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stopping(Set.of(), List.of(""), false))
        .withMessageContaining("stop string is empty");
    assertThat(FREE.topLogProbabilities()).isEmpty();
    assertThat(Optional.of(FREE.maxNewTokens())).contains(14);
  }
}
