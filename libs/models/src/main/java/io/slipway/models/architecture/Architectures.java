package io.slipway.models.architecture;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.SupportedArchitectures;
import io.slipway.models.architecture.decoder.Falcon;
import io.slipway.models.architecture.decoder.Gemma;
import io.slipway.models.architecture.decoder.Gemma2;
import io.slipway.models.architecture.decoder.Gpt2;
import io.slipway.models.architecture.decoder.Llama;
import io.slipway.models.architecture.decoder.Mistral;
import io.slipway.models.architecture.decoder.Mixtral;
import io.slipway.models.architecture.decoder.Olmo;
import io.slipway.models.architecture.decoder.Olmo2;
import io.slipway.models.architecture.decoder.Phi3;
import io.slipway.models.architecture.decoder.Qwen2;
import io.slipway.models.architecture.decoder.Qwen3;
import io.slipway.models.architecture.encoder.Bert;
import io.slipway.models.architecture.encoder.DebertaV2;
import io.slipway.models.architecture.encoder.DistilBert;
import io.slipway.models.architecture.encoder.Electra;
import io.slipway.models.architecture.encoder.Mpnet;
import io.slipway.models.architecture.encoder.Roberta;
import io.slipway.models.architecture.seq2seq.Bart;
import io.slipway.models.architecture.seq2seq.Marian;
import io.slipway.models.architecture.seq2seq.T5;
import io.slipway.models.architecture.vision.ResNet;
import io.slipway.models.architecture.vision.Vit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Code by {@code model_type}. Which classes are supported stands in {@link SupportedArchitectures}.
 */
final class Architectures {

  private static final Map<String, Family> FAMILIES =
      Stream.of(encoders(), decoders(), encoderDecoders(), vision())
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableMap(Family::modelType, Function.identity()));

  private Architectures() {}

  private static List<Family> encoders() {
    return Stream.concat(
            Stream.of(
                Bert.FAMILY, DistilBert.FAMILY, Electra.FAMILY, DebertaV2.FAMILY, Mpnet.FAMILY),
            Roberta.FAMILIES.stream())
        .toList();
  }

  private static List<Family> vision() {
    return List.of(Vit.FAMILY, ResNet.FAMILY);
  }

  private static List<Family> decoders() {
    return List.of(
        Falcon.FAMILY,
        Gemma.FAMILY,
        Gemma2.FAMILY,
        Gpt2.FAMILY,
        Llama.FAMILY,
        Mistral.FAMILY,
        Mixtral.FAMILY,
        Olmo.FAMILY,
        Olmo2.FAMILY,
        Phi3.FAMILY,
        Qwen2.FAMILY,
        Qwen3.FAMILY);
  }

  private static List<Family> encoderDecoders() {
    return List.of(T5.FAMILY, Bart.FAMILY, Marian.FAMILY);
  }

  /**
   * The family of a configuration.
   *
   * @throws ModelFilesException UNSUPPORTED_ARCHITECTURE, naming it and what is supported
   */
  static Family family(ModelConfig config) {
    String modelType = SupportedArchitectures.require(config).modelType();
    return Objects.requireNonNull(FAMILIES.get(modelType), () -> "no code for " + modelType);
  }
}
