package io.slipway.models.generation;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.GoldenCase;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Continuation;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.generation.settings.GenerationConfig;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A checkpoint that generates, and what the reference made of its prompts with many options. */
record GenerationCase(String name, JsonNode golden) {

  /** Tokens that a sequence may have in these models. */
  static final int POSITIONS = 48;

  static Stream<GenerationCase> all() {
    return Stream.of("gpt2", "llama", "mistral", "t5", "bart", "marian").map(GenerationCase::named);
  }

  static Stream<GenerationCase> decoders() {
    return Stream.of("gpt2", "llama", "mistral").map(GenerationCase::named);
  }

  static GenerationCase named(String name) {
    return new GenerationCase(name, GoldenCase.json("generation/" + name + "/golden.json"));
  }

  Path directory() {
    return GoldenCase.checkpoint("generation/" + name);
  }

  /** A loaded case; belongs to the compute thread. */
  Opened open() throws IOException {
    Checkpoint checkpoint = Checkpoint.open(directory());
    boolean decoder =
        Files.readString(directory().resolve("config.json")).contains("CausalLM")
            || name.equals("gpt2");
    LoadedModel<?> model =
        decoder
            ? LoadedModel.forInference(
                checkpoint, Head.CAUSAL_LM, ComputeDevice.CPU, Precision.FLOAT32)
            : LoadedModel.forInference(
                checkpoint, Head.SEQ2SEQ_LM, ComputeDevice.CPU, Precision.FLOAT32);
    return new Opened(this, model, GenerationConfig.read(directory(), checkpoint.config()));
  }

  /** Prompts, or sources. */
  List<long[]> prompts() {
    return golden.get("prompts").valueStream().map(GenerationCase::longs).toList();
  }

  /** What the reference found with some options, by prompt. */
  record Found(JsonNode options, List<JsonNode> byPrompt) {

    boolean beams() {
      return options.has("num_beams");
    }

    List<long[]> ids(int prompt) {
      return byPrompt.get(prompt).get("ids").valueStream().map(GenerationCase::longs).toList();
    }

    double[] scores(int prompt) {
      return doubles(byPrompt.get(prompt).get("scores"));
    }
  }

  List<Found> found() {
    return golden
        .get("cases")
        .valueStream()
        .map(node -> new Found(node.get("options"), node.get("found").valueStream().toList()))
        .toList();
  }

  static long[] longs(JsonNode numbers) {
    return numbers.valueStream().mapToLong(JsonNode::asLong).toArray();
  }

  static double[] doubles(JsonNode numbers) {
    return numbers.valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }

  @Override
  public String toString() {
    return name;
  }

  /** A case with its model. */
  record Opened(GenerationCase reference, LoadedModel<?> model, GenerationConfig config)
      implements AutoCloseable {

    /** A row for each prompt, still empty. */
    Continuation begin(List<long[]> prompts) {
      return switch (model.model()) {
        case CausalDecoder decoder -> decoder.begin(prompts.size(), POSITIONS);
        case EncoderDecoder both -> {
          List<TokenizedText> sources = prompts.stream().map(TokenizedText::of).toList();
          yield both.begin(Forward.inference(), TokenBatch.of(sources, 1), POSITIONS);
        }
        default -> throw new IllegalArgumentException(model.className());
      };
    }

    /** What a row begins with: the prompt itself, or the start token. */
    long[] start(long[] prompt) {
      return model.model() instanceof CausalDecoder
          ? prompt
          : new long[] {config.decoderStartToken()};
    }

    GenerationSettings settings(JsonNode options, long[] prompt) {
      return config
          .withCaller(ModelConfig.parse("options", options.toString()))
          .settings(start(prompt).length, OptionalInt.of(POSITIONS), 0);
    }

    List<GeneratedSequence> generate(List<long[]> prompts, List<GenerationSettings> settings) {
      try (GenerationBatch batch = batch(prompts, settings, 0)) {
        return batch.finish(Forward::inference);
      }
    }

    /** A batch whose ids count from a number. */
    GenerationBatch batch(List<long[]> prompts, List<GenerationSettings> settings, long firstId) {
      GenerationRequest[] requests = new GenerationRequest[prompts.size()];
      Arrays.setAll(
          requests, i -> GenerationRequest.of(firstId + i, start(prompts.get(i)), settings.get(i)));
      return new GenerationBatch(begin(prompts), List.of(requests));
    }

    List<List<BeamHypothesis>> search(List<long[]> prompts, GenerationSettings settings) {
      List<long[]> starts = prompts.stream().map(this::start).toList();
      try (BeamSearch search = new BeamSearch(begin(prompts), starts, settings)) {
        return search.finish(Forward::inference);
      }
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
