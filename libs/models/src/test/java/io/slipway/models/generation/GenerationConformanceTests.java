package io.slipway.models.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.GoldenCase;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.generation.Beams.EarlyStopping;
import io.slipway.models.layers.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Cases that were made elsewhere, in folders of a folder: -Dslipway.conformance.dir=FOLDER. */
@EnabledIfSystemProperty(named = "slipway.conformance.dir", matches = ".+")
class GenerationConformanceTests {

  private static final int NEW_TOKENS_OF_DECODERS = 24;
  private static final int NEW_TOKENS_OF_TARGETS = 12;

  static Stream<Path> cases() throws IOException {
    Path root = Path.of(System.getProperty("slipway.conformance.dir"));
    List<Path> found = new ArrayList<>();
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.sorted().toList()) {
        if (Files.exists(folder.resolve("golden.json"))
            && GoldenCase.at(folder).golden().has("generated")) {
          found.add(folder);
        }
      }
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void generatedIdsAreTheReferences(Path folder) throws Exception {
    JsonNode golden = GoldenCase.at(folder).golden();
    List<long[]> prompts = rows(golden.get("inputs").get("input_ids"));
    if (golden.get("inputs").has("attention_mask")) {
      List<long[]> masks = rows(golden.get("inputs").get("attention_mask"));
      prompts =
          IntStream.range(0, prompts.size())
              .mapToObj(i -> real(rows(golden.get("inputs").get("input_ids")).get(i), masks.get(i)))
              .toList();
    }
    List<long[]> texts = prompts;
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      executor.call(
          () -> {
            if (golden.get("task").asString().equals("text-generation")) {
              compareDecoder(folder, golden, texts);
            } else {
              compareTargets(folder, golden, texts);
            }
            return true;
          });
    }
  }

  private static long[] real(long[] ids, long[] mask) {
    return IntStream.range(0, ids.length)
        .filter(i -> mask[i] == 1)
        .mapToLong(i -> ids[i])
        .toArray();
  }

  private static void compareDecoder(Path folder, JsonNode golden, List<long[]> prompts)
      throws IOException {
    try (var model =
        LoadedModel.forInference(
            Checkpoint.open(folder), Head.CAUSAL_LM, ComputeDevice.CPU, Precision.FLOAT32)) {
      int longest = prompts.stream().mapToInt(p -> p.length).max().orElse(0);
      Continuation rows = model.model().begin(prompts.size(), longest + NEW_TOKENS_OF_DECODERS);
      GenerationRequest[] requests = new GenerationRequest[prompts.size()];
      Arrays.setAll(
          requests,
          i ->
              GenerationRequest.of(
                  i, prompts.get(i), GenerationSettings.greedy(NEW_TOKENS_OF_DECODERS)));
      try (GenerationBatch batch = new GenerationBatch(rows, List.of(requests))) {
        List<GeneratedSequence> found = batch.finish(Forward::inference);
        List<long[]> expected = rows(golden.get("generated"));
        for (int i = 0; i < expected.size(); i++) {
          long[] all = expected.get(i);
          assertThat(found.get(i).ids())
              .containsExactly(
                  Arrays.copyOfRange(all, all.length - NEW_TOKENS_OF_DECODERS, all.length));
        }
      }
    }
  }

  private static void compareTargets(Path folder, JsonNode golden, List<long[]> sources)
      throws IOException {
    Checkpoint checkpoint = Checkpoint.open(folder);
    ModelConfig fields = checkpoint.config();
    GenerationConfig config = GenerationConfig.read(folder, fields);
    try (var model =
        LoadedModel.forInference(
            checkpoint, Head.SEQ2SEQ_LM, ComputeDevice.CPU, Precision.FLOAT32)) {
      TokenBatch batch = TokenBatch.of(sources.stream().map(TokenizedText::of).toList(), 0);
      GenerationSettings settings =
          config
              .withCaller(
                  ModelConfig.parse(
                      "options", "{\"max_new_tokens\": %d}".formatted(NEW_TOKENS_OF_TARGETS)))
              .settings(1, LoadedModel.positions(fields), 0);
      long[] start = {config.decoderStartToken()};
      GenerationRequest[] requests = new GenerationRequest[sources.size()];
      Arrays.setAll(requests, i -> GenerationRequest.of(i, start, settings));
      try (GenerationBatch greedy =
          new GenerationBatch(
              model.model().begin(Forward.inference(), batch, NEW_TOKENS_OF_TARGETS),
              List.of(requests))) {
        List<GeneratedSequence> found = greedy.finish(Forward::inference);
        compare(golden.get("generated"), found.stream().map(GeneratedSequence::ids).toList());
      }
      GenerationSettings beams = settings.withBeams(new Beams(3, 1, EarlyStopping.TRUE, false));
      try (BeamSearch search =
          new BeamSearch(
              model.model().begin(Forward.inference(), batch, NEW_TOKENS_OF_TARGETS),
              sources.stream().map(source -> start).toList(),
              beams)) {
        compare(
            golden.get("generated_beam3"),
            search.finish(Forward::inference).stream().map(list -> list.getFirst().ids()).toList());
      }
    }
  }

  /** The reference's rows begin with the start token, and end in padding. */
  private static void compare(JsonNode expected, List<long[]> found) {
    for (int i = 0; i < found.size(); i++) {
      long[] all = rows(expected).get(i);
      assertThat(found.get(i)).containsExactly(Arrays.copyOfRange(all, 1, 1 + found.get(i).length));
      long[] rest = Arrays.copyOfRange(all, 1 + found.get(i).length, all.length);
      assertThat(Arrays.stream(rest).distinct().count()).isLessThanOrEqualTo(1);
    }
  }

  private static List<long[]> rows(JsonNode rows) {
    return rows.valueStream().map(GenerationCase::longs).toList();
  }
}
