package io.slipway.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.OnCpu;
import io.slipway.models.ReferenceCase;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.generation.settings.GenerationConfig;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What models of all kinds write, token by token, beside what the reference does. */
class ReferenceContinuationsTests {

  private static final float CLOSE = 2e-5f;

  @OnCpu private static ComputeExecutor executor;

  static Stream<ReferenceCase> decoders() {
    return ReferenceCase.shipped("decoders").stream();
  }

  static Stream<ReferenceCase> encoderDecoders() {
    return ReferenceCase.shipped("seq2seq").stream()
        .filter(reference -> reference.head() == Head.SEQ2SEQ_LM);
  }

  static Stream<ReferenceCase> writers() {
    return Stream.concat(decoders(), encoderDecoders());
  }

  /** All but those whose frequencies turn what was read before with every token that comes. */
  static Stream<ReferenceCase> decodersThatRemember() {
    return decoders().filter(reference -> !ropeType(reference).equals("dynamic"));
  }

  private static String ropeType(ReferenceCase reference) {
    try {
      return reference
          .config()
          .object("rope_parameters")
          .flatMap(rope -> rope.string("rope_type"))
          .orElse("none");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("writers")
  void greedySearchWritesWhatTheReferenceDoes(ReferenceCase reference) throws Exception {
    List<long[]> expected = reference.rows("generated");
    List<long[]> found =
        executor.call(
            () -> {
              try (LoadedModel<?> model = reference.forInference(Precision.FLOAT32)) {
                Begun begun = begin(reference, model, expected.getFirst().length);
                List<GenerationRequest> requests = new ArrayList<>();
                for (int row = 0; row < expected.size(); row++) {
                  int count = expected.get(row).length - begun.starts.get(row).length;
                  requests.add(
                      GenerationRequest.of(
                          row, begun.starts.get(row), GenerationSettings.greedy(count)));
                }
                try (GenerationBatch batch = new GenerationBatch(begun.sequences, requests)) {
                  return batch.finish(Forward::inference).stream().map(row -> row.ids()).toList();
                }
              }
            });
    assertWritten(reference, found, expected);
  }

  @ParameterizedTest
  @MethodSource("encoderDecoders")
  void beamsFindWhatTheReferenceDoes(ReferenceCase reference) throws Exception {
    List<long[]> expected = reference.rows("generated_beam3");
    GenerationSettings settings =
        GenerationConfig.read(reference.directory(), reference.config())
            .withCaller(
                ModelConfig.parse(
                    "options",
                    "{\"max_new_tokens\": 12, \"num_beams\": 3, \"early_stopping\": true}"))
            .settings(1, OptionalInt.empty(), 0);
    List<long[]> found =
        executor.call(
            () -> {
              try (LoadedModel<?> model = reference.forInference(Precision.FLOAT32)) {
                Begun begun = begin(reference, model, 13);
                try (BeamSearch search = new BeamSearch(begun.sequences, begun.starts, settings)) {
                  return search.finish(Forward::inference).stream()
                      .map(beams -> beams.getFirst().ids())
                      .toList();
                }
              }
            });
    assertWritten(reference, found, expected);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void aTextContinuedTogetherWithOthersComesToTheReferencesScores(ReferenceCase reference)
      throws Exception {
    List<long[]> written = reference.rows("generated");
    float[] scores =
        executor.call(
            () -> {
              try (LoadedModel<?> model = reference.forInference(Precision.FLOAT32);
                  Continuation sequences =
                      begin(reference, model, written.getFirst().length).sequences) {
                long[][] next = reference.texts().toArray(long[][]::new);
                Tensor last = sequences.extend(Forward.inference(), next);
                int more = written.getFirst().length - next[0].length;
                for (int i = 1; i < more; i++) {
                  for (int row = 0; row < next.length; row++) {
                    next[row] = new long[] {written.get(row)[sequences.length(row)]};
                  }
                  last = sequences.extend(Forward.inference(), next);
                }
                return Tensors.floats(last);
              }
            });
    assertThat(scores).containsExactly(reference.numbers("logits_before_last"), offset(CLOSE));
  }

  @ParameterizedTest
  @MethodSource("decodersThatRemember")
  void tokenByTokenIsAsInOnePass(ReferenceCase reference) throws Exception {
    long[] text = reference.rows("generated").getFirst();
    List<float[]> steps = new ArrayList<>();
    List<float[]> whole = new ArrayList<>();
    executor.call(
        () -> {
          try (LoadedModel<?> model = reference.forInference(Precision.FLOAT32)) {
            CausalDecoder decoder = (CausalDecoder) model.model();
            try (Continuation sequence = decoder.begin(1, text.length)) {
              for (int i = 0; i < text.length; i++) {
                long[][] next = {{text[i]}};
                steps.add(Tensors.floats(sequence.extend(Forward.inference(), next)));
                whole.add(lastOf(decoder, Arrays.copyOf(text, i + 1)));
              }
            }
            return text.length;
          }
        });
    for (int i = 0; i < text.length; i++) {
      assertThat(steps.get(i))
          .as("after %d tokens", i + 1)
          .containsExactly(whole.get(i), offset(CLOSE));
    }
  }

  /** More tokens than go through a model together, the last of them in rows that are all short. */
  @ParameterizedTest
  @MethodSource("decoders")
  void rowsOfALargeBatchComeToWhatTheyComeToAlone(ReferenceCase reference) throws Exception {
    long[] text = reference.texts().getFirst();
    long[][] first = new long[6000 / text.length][];
    int wide = first.length / 2;
    Arrays.setAll(first, row -> Arrays.copyOf(text, row < wide ? text.length - row % 3 : 2));
    long[][] second = new long[first.length][];
    Arrays.setAll(second, row -> Arrays.copyOf(text, 1 + row % 2));
    executor.call(
        () -> {
          try (LoadedModel<?> model = reference.forInference(Precision.FLOAT32)) {
            CausalDecoder decoder = (CausalDecoder) model.model();
            float[] together = twice(decoder, first, second);
            int words = together.length / first.length;
            Map<List<Integer>, float[]> alone = new HashMap<>();
            for (int row = 0; row < first.length; row++) {
              long[][] own = {first[row]};
              long[][] next = {second[row]};
              float[] expected =
                  alone.computeIfAbsent(
                      List.of(own[0].length, next[0].length), key -> twice(decoder, own, next));
              assertThat(Arrays.copyOfRange(together, row * words, (row + 1) * words))
                  .as("row %d", row)
                  .containsExactly(expected, offset(CLOSE));
            }
            return true;
          }
        });
  }

  /** Scores after two passes. */
  private static float[] twice(CausalDecoder decoder, long[][] first, long[][] second) {
    try (Continuation rows = decoder.begin(first.length, first[0].length + 2)) {
      rows.extend(Forward.inference(), first);
      return Tensors.floats(rows.extend(Forward.inference(), second));
    }
  }

  private static float[] lastOf(CausalDecoder decoder, long[] text) {
    TokenBatch batch = TokenBatch.of(List.of(TokenizedText.of(text)), 0);
    return Tensors.floats(
        decoder.logits(Forward.inference(), batch).select(1, text.length - 1L).select(0, 0));
  }

  /** Sequences that are still empty, and what they begin with. */
  private record Begun(Continuation sequences, List<long[]> starts) {}

  private static Begun begin(ReferenceCase reference, LoadedModel<?> loaded, int capacity)
      throws IOException {
    TokenBatch batch = reference.batch();
    return switch (loaded.model()) {
      case CausalDecoder model -> new Begun(model.begin(batch.rows(), capacity), reference.texts());
      case EncoderDecoder model -> {
        long start = reference.config().requireInt("decoder_start_token_id");
        yield new Begun(
            model.begin(Forward.inference(), batch, capacity),
            Collections.nCopies(batch.rows(), new long[] {start}));
      }
      default -> throw new IllegalArgumentException(loaded.className());
    };
  }

  /** The reference pads targets that have ended, and goes on with texts whatever their end is. */
  private static void assertWritten(
      ReferenceCase reference, List<long[]> found, List<long[]> expected) throws IOException {
    boolean ends = reference.head() == Head.SEQ2SEQ_LM;
    int end = reference.config().requireInt("eos_token_id");
    for (int row = 0; row < expected.size(); row++) {
      long[] all = expected.get(row);
      int from = ends ? 1 : reference.texts().get(row).length;
      int to =
          IntStream.range(from, all.length)
              .filter(i -> ends && all[i] == end)
              .map(i -> i + 1)
              .findFirst()
              .orElse(all.length);
      assertThat(Arrays.copyOf(found.get(row), to - from))
          .as("row %d", row)
          .containsExactly(Arrays.copyOfRange(all, from, to));
    }
  }
}
