package io.slipway.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import io.slipway.models.OnCpu;
import io.slipway.models.ReferenceCase;
import io.slipway.models.layers.Parameter;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Seed;
import io.slipway.models.training.ReferenceRun;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints of the same models as others have saved them. */
class CheckpointVariantsTests {

  private static final Consumer<SafetensorsWriter> NOTHING = writer -> {};

  @OnCpu private static ComputeExecutor executor;

  @TempDir Path temp;

  private static void assertTheReferences(ReferenceCase reference) throws Exception {
    assertThat(ReferenceRun.worstOutput(reference, executor)).isLessThan(2e-5);
    assertThat(ReferenceRun.worstLoss(reference, executor)).isLessThan(2e-5);
  }

  private static void zeros(SafetensorsWriter writer, String name, long... shape) {
    int elements = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    writer.tensor(
        name,
        Dtype.F32,
        Arrays.stream(shape).boxed().toList(),
        () -> MemorySegment.ofArray(new float[elements]));
  }

  @ParameterizedTest
  @CsvSource({
    "bert-token-classification, bert",
    "roberta-question-answering, roberta",
    "electra-text-classification, electra",
    "distilbert-fill-mask, distilbert"
  })
  void olderNamesAndPartsOfOtherHeadsDoNotDisturb(String name, String base) throws Exception {
    ReferenceCase older =
        ReferenceCase.named("encoders/" + name)
            .copy(
                temp.resolve("older"),
                weight ->
                    weight
                        .replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
                        .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta"),
                writer -> {
                  writer.tensor(
                      base + ".embeddings.position_ids",
                      Dtype.I64,
                      List.of(1L, 20L),
                      () -> MemorySegment.ofArray(new long[20]));
                  zeros(writer, base + ".pooler.dense.weight", 16, 16);
                  zeros(writer, base + ".pooler.dense.bias", 16);
                });
    assertTheReferences(older);
  }

  @ParameterizedTest
  @CsvSource({
    "distilbert-features, distilbert",
    "roberta-features, roberta",
    "electra-features, electra",
    "deberta-v2-features, deberta",
    "mpnet-features, mpnet"
  })
  void anEncoderAloneMayHaveThePrefixThatItHasBeneathAHead(String name, String base)
      throws Exception {
    assertTheReferences(
        ReferenceCase.named("encoders/" + name)
            .copy(temp.resolve("prefixed"), weight -> base + "." + weight, NOTHING));
  }

  @Test
  void aTiedOutputLayerMayStandInTheFileAsWell() throws Exception {
    ReferenceCase tied = ReferenceCase.named("encoders/xlm-roberta-fill-mask");
    try (Checkpoint checkpoint = Checkpoint.open(tied.directory())) {
      var words = checkpoint.tensors().get("roberta.embeddings.word_embeddings.weight");
      var bias = checkpoint.tensors().get("lm_head.bias");
      assertTheReferences(
          tied.copy(
              temp.resolve("twice"),
              weight -> weight,
              writer -> {
                writer.tensor("lm_head.decoder.weight", words.dtype(), words.shape(), words::data);
                writer.tensor("lm_head.decoder.bias", bias.dtype(), bias.shape(), bias::data);
              }));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "roberta-fill-mask-untied, lm_head.decoder.bias, lm_head.bias",
    "bert-fill-mask-untied, cls.predictions.decoder.bias, cls.predictions.bias",
    "mpnet-fill-mask-untied, lm_head.decoder.bias, lm_head.bias"
  })
  void anUntiedOutputLayersBiasMayStandWhereATiedOnesDoes(String name, String from, String to)
      throws Exception {
    assertTheReferences(
        ReferenceCase.named("encoders/" + name)
            .copy(
                temp.resolve("moved"),
                weight -> weight.equals(to) ? null : weight.equals(from) ? to : weight,
                NOTHING));
  }

  @ParameterizedTest
  @CsvSource({
    "roberta-fill-mask-untied",
    "distilbert-fill-mask-untied",
    "electra-fill-mask-untied",
    "deberta-v2-fill-mask-untied",
    "mpnet-fill-mask-untied"
  })
  void anOutputLayerThatDiffersFromTheWordsIsUsedWhateverTheConfigurationSays(String name)
      throws Exception {
    assertTheReferences(
        ReferenceCase.named("encoders/" + name)
            .configured(temp.resolve("untied"), "tie_word_embeddings", "true"));
  }

  @Test
  void anUntiedOutputLayerHasToBeThere() throws Exception {
    ReferenceCase missing =
        ReferenceCase.named("encoders/electra-fill-mask-untied")
            .copy(
                temp.resolve("missing"),
                weight -> weight.equals("generator_lm_head.weight") ? null : weight,
                NOTHING);
    assertThatThrownBy(() -> ReferenceRun.worstOutput(missing, executor))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining("missing generator_lm_head.weight [61, 12]");
  }

  @Test
  void aNormalisationThatNeverCountedItsBatchesBeginsToCount() throws Exception {
    assertTheReferences(
        ReferenceCase.named("vision/resnet-bottleneck")
            .copy(
                temp.resolve("uncounted"),
                weight -> weight.endsWith("num_batches_tracked") ? null : weight,
                NOTHING));
  }

  @Test
  void aCountOfAnotherTypeIsRefused() throws Exception {
    ReferenceCase wrong =
        ReferenceCase.named("vision/resnet-basic")
            .copy(
                temp.resolve("wrong"),
                weight ->
                    weight.equals("resnet.embedder.embedder.normalization.num_batches_tracked")
                        ? null
                        : weight,
                writer ->
                    zeros(writer, "resnet.embedder.embedder.normalization.num_batches_tracked", 1));
    assertThatThrownBy(() -> ReferenceRun.worstOutput(wrong, executor))
        .hasMessageContaining("num_batches_tracked is F32 [1], expected I64 []");
  }

  static Stream<Arguments> headsOnOtherCheckpoints() {
    return ReferenceCase.shipped("encoders").stream()
        .filter(reference -> reference.toString().matches(".*(features|fill-mask)"))
        .flatMap(
            reference ->
                Stream.of(
                    Arguments.of(
                        reference, Head.SEQUENCE_CLASSIFICATION, "ForSequenceClassification"),
                    Arguments.of(reference, Head.TOKEN_CLASSIFICATION, "ForTokenClassification"),
                    Arguments.of(reference, Head.QUESTION_ANSWERING, "ForQuestionAnswering")));
  }

  @ParameterizedTest
  @MethodSource("headsOnOtherCheckpoints")
  void aHeadBeginsFreshOnTheCheckpointOfAnother(
      ReferenceCase reference, Head<?> head, String className) throws Exception {
    List<String> labels = head.labelled() ? List.of("no", "maybe", "yes") : List.of();
    assertThat(
            executor.call(
                () -> {
                  try (Checkpoint checkpoint = Checkpoint.open(reference.directory());
                      LoadedModel<?> model =
                          LoadedModel.forTraining(
                              checkpoint, head, ComputeDevice.CPU, labels, false, new Seed(1))) {
                    return model.className();
                  }
                }))
        .endsWith(className);
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void everyCheckpointHasTheStatesBeneathItsHead(ReferenceCase reference) throws Exception {
    assertThat(LoadedModel.hasHead(reference.config(), Head.FEATURES)).isTrue();
    assertThat(
            executor.call(
                () -> {
                  try (LoadedModel<?> model =
                      LoadedModel.forInference(
                          Checkpoint.open(reference.directory()),
                          Head.FEATURES,
                          ComputeDevice.CPU,
                          Precision.FLOAT32)) {
                    return names(model.weights());
                  }
                }))
        .noneMatch(name -> name.startsWith("classifier.") || name.startsWith("qa_outputs."));
  }

  static List<ReferenceCase> encoders() {
    return ReferenceCase.shipped("encoders");
  }

  private static List<String> names(Weights weights) {
    return weights.parameters().stream().map(Parameter::name).toList();
  }
}
