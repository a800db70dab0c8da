package io.slipway.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.slipway.models.OnCpu;
import io.slipway.models.generation.GenerationCase.Found;
import io.slipway.models.generation.GenerationCase.Opened;
import io.slipway.models.generation.scores.ScoredToken;
import io.slipway.models.generation.scores.TokenScore;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.runtime.ComputeExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ReferenceGenerationTests {

  @OnCpu private static ComputeExecutor executor;

  static Stream<GenerationCase> cases() {
    return GenerationCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bestTokensAreTheReferencesAloneAndTogether(GenerationCase reference) throws Exception {
    List<Found> all = reference.found().stream().filter(found -> !found.beams()).toList();
    assertThat(all).hasSizeGreaterThanOrEqualTo(10);
    for (Found found : all) {
      List<GeneratedSequence> apart = new ArrayList<>();
      List<GeneratedSequence> together =
          executor.call(
              () -> {
                try (Opened opened = reference.open()) {
                  List<long[]> prompts = reference.prompts();
                  List<GenerationSettings> settings =
                      prompts.stream().map(p -> opened.settings(found.options(), p)).toList();
                  for (int i = 0; i < prompts.size(); i++) {
                    apart.addAll(
                        opened.generate(List.of(prompts.get(i)), List.of(settings.get(i))));
                  }
                  return opened.generate(prompts, settings);
                }
              });
      for (int i = 0; i < apart.size(); i++) {
        long[] expected = found.ids(i).getFirst();
        assertThat(apart.get(i).ids()).as("%s alone", found.options()).containsExactly(expected);
        assertThat(together.get(i).ids()).as("%s", found.options()).containsExactly(expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void beamsAreTheReferencesAloneAndTogether(GenerationCase reference) throws Exception {
    List<Found> all = reference.found().stream().filter(Found::beams).toList();
    assertThat(all).hasSizeGreaterThanOrEqualTo(8);
    for (Found found : all) {
      List<List<BeamHypothesis>> apart = new ArrayList<>();
      List<List<BeamHypothesis>> together =
          executor.call(
              () -> {
                try (Opened opened = reference.open()) {
                  List<long[]> prompts = reference.prompts();
                  GenerationSettings settings =
                      opened.settings(found.options(), prompts.getFirst());
                  prompts.forEach(p -> apart.addAll(opened.search(List.of(p), settings)));
                  return opened.search(prompts, settings);
                }
              });
      for (int i = 0; i < apart.size(); i++) {
        assertSame(apart.get(i), found, i);
        assertSame(together.get(i), found, i);
      }
    }
  }

  private static void assertSame(List<BeamHypothesis> actual, Found found, int prompt) {
    List<long[]> expected = found.ids(prompt);
    double[] scores = found.scores(prompt);
    assertThat(actual).hasSizeGreaterThanOrEqualTo(expected.size());
    for (int i = 0; i < scores.length; i++) {
      assertThat(actual.get(i).ids())
          .as("%s, prompt %d, sequence %d", found.options(), prompt, i)
          .containsExactly(expected.get(i));
      assertThat(actual.get(i).score()).isCloseTo(scores[i], offset(2e-4));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logProbabilitiesAreTheReferences(GenerationCase reference) throws Exception {
    JsonNode expected = reference.golden().get("log_probabilities");
    List<GeneratedSequence> sequences =
        executor.call(
            () -> {
              try (Opened opened = reference.open()) {
                List<long[]> prompts = reference.prompts();
                JsonNode options = reference.found().getFirst().options();
                return opened.generate(
                    prompts,
                    prompts.stream()
                        .map(p -> opened.settings(options, p).withLogProbabilities(3, true))
                        .toList());
              }
            });
    for (int i = 0; i < sequences.size(); i++) {
      List<ScoredToken> tokens = new ArrayList<>(sequences.get(i).prompt());
      assertThat(tokens.getFirst().logProbability()).isNaN();
      tokens.addAll(sequences.get(i).tokens());
      tokens.removeFirst();
      double[] own = GenerationCase.doubles(expected.get(i).get("own"));
      List<long[]> best =
          expected.get(i).get("best").valueStream().map(GenerationCase::longs).toList();
      assertThat(tokens).hasSize(own.length);
      IntStream.range(0, own.length)
          .forEach(
              at -> {
                ScoredToken token = tokens.get(at);
                // Forced end tokens are chosen against the model's own scores.
                assertThat(token.logProbability()).isCloseTo(own[at], offset(1e-4));
                assertThat(token.top()).extracting(TokenScore::id).containsExactly(box(best, at));
              });
    }
  }

  private static Long[] box(List<long[]> rows, int at) {
    return IntStream.range(0, rows.get(at).length)
        .mapToObj(i -> rows.get(at)[i])
        .toArray(Long[]::new);
  }
}
