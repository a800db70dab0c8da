package io.slipway.models.fidelity;

import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Compares two loads of one checkpoint. Runs on the compute thread. */
public final class Fidelity {

  private long outputs;
  private long numbers;
  private double maximum;
  private double differences;
  private double cosines;
  private long agreements;
  private long scoredTokens;
  private double referenceLoss;
  private double candidateLoss;

  private Fidelity() {}

  /** What a model makes of an input. */
  @FunctionalInterface
  public interface Outputs<M, I> {

    /** [outputs, size]; belongs to the current scope */
    Tensor compute(M model, Forward forward, I input);
  }

  /**
   * Compares what two models make of inputs.
   *
   * @param reference in single precision
   * @param inputs at least one
   */
  public static <M, I> FidelityReport of(
      LoadedModel<M> reference,
      LoadedModel<M> candidate,
      List<I> inputs,
      Outputs<? super M, ? super I> outputs) {
    Fidelity fidelity = new Fidelity();
    for (I input : inputs) {
      try (PointerScope scope = new PointerScope()) {
        fidelity.compare(
            outputs.compute(reference.model(), Forward.inference(), input),
            outputs.compute(candidate.model(), Forward.inference(), input));
      }
    }
    return fidelity.report();
  }

  /**
   * Compares the scores of every token of texts, and their perplexities.
   *
   * @param reference in single precision
   * @param texts as token ids, at least two of each
   */
  public static FidelityReport ofTexts(
      LoadedModel<CausalDecoder> reference,
      LoadedModel<CausalDecoder> candidate,
      List<long[]> texts) {
    Fidelity fidelity = new Fidelity();
    for (long[] text : texts) {
      if (text.length < 2) {
        throw new IllegalArgumentException(
            "a text of %d tokens, but only those after the first are scored"
                .formatted(text.length));
      }
      try (PointerScope scope = new PointerScope()) {
        Tensor expected = scores(reference, text);
        Tensor actual = scores(candidate, text);
        fidelity.compare(expected, actual);
        fidelity.score(expected, actual, text);
      }
    }
    return fidelity.report();
  }

  /** [length, vocabulary] */
  private static Tensor scores(LoadedModel<CausalDecoder> model, long[] text) {
    TokenBatch batch = TokenBatch.of(List.of(TokenizedText.of(text)), 0);
    return model.model().logits(Forward.inference(), batch).select(0, 0);
  }

  private void compare(Tensor reference, Tensor candidate) {
    Tensor expected = reference.to(ScalarType.Double);
    Tensor actual = candidate.to(ScalarType.Double);
    Tensor difference = actual.sub(expected).abs();
    maximum = Math.max(maximum, difference.max().item_double());
    differences += difference.sum().item_double();
    cosines += torch.cosine_similarity(expected, actual, 1, 1e-12).sum().item_double();
    agreements +=
        expected
            .argmax(new LongOptional(1), false)
            .eq(actual.argmax(new LongOptional(1), false))
            .sum()
            .item_long();
    outputs += expected.size(0);
    numbers += expected.numel();
  }

  private void score(Tensor reference, Tensor candidate, long[] text) {
    referenceLoss += loss(reference, text);
    candidateLoss += loss(candidate, text);
    scoredTokens += text.length - 1;
  }

  /** Of all tokens after the first, in nats. */
  private static double loss(Tensor scores, long[] text) {
    int scored = text.length - 1;
    Tensor next =
        Tensors.of(Arrays.copyOfRange(text, 1, text.length), ComputeDevice.CPU, scored, 1)
            .to(scores.device(), ScalarType.Long);
    Tensor logProbabilities =
        torch.log_softmax(scores.narrow(0, 0, scored).to(ScalarType.Double), 1);
    return logProbabilities.gather(1, next).sum().mul(new Scalar(-1.0)).item_double();
  }

  private FidelityReport report() {
    if (outputs == 0) {
      throw new IllegalArgumentException("fidelity needs at least one input");
    }
    OptionalDouble perplexityChange =
        scoredTokens == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.expm1((candidateLoss - referenceLoss) / scoredTokens));
    return new FidelityReport(
        outputs,
        maximum,
        differences / numbers,
        cosines / outputs,
        (double) agreements / outputs,
        perplexityChange);
  }
}
