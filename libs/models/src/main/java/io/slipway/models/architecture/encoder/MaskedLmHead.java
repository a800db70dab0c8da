package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Role;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import org.bytedeco.pytorch.Tensor;

/**
 * Scores of all words for each token: a dense layer, an activation and a normalisation, then the
 * output layer.
 */
record MaskedLmHead(
    TextEncoder encoder, Linear dense, Activation activation, LayerNorm norm, Linear decoder)
    implements TokenScorer {

  /** [b, s, vocabulary] */
  @Override
  public Tensor logits(Forward forward, TokenBatch batch) {
    Tensor states = encoder.encode(forward, batch);
    return decoder.apply(forward, norm.apply(activation.apply(dense.apply(forward, states))));
  }

  /**
   * An output layer that shares its weight with the word embeddings, unless {@code
   * tie_word_embeddings} is false or the checkpoint has another weight for it; the same goes for
   * its bias, where the reference keeps that in two places.
   *
   * @param name of the output layer
   * @param bias where a bias that is shared stands; the layer's own is {@code name.bias}
   */
  static Linear decoder(
      Weights weights, ModelConfig json, String name, String bias, TokenEmbeddings embeddings) {
    boolean tie = json.booleanOr("tie_word_embeddings", true);
    int vocabulary = embeddings.tables().vocabSize();
    String ownBias = name + ".bias";
    boolean own = weights.has(ownBias) && (!tie || !weights.same(ownBias, bias));
    weights.duplicate(own ? bias : ownBias);
    Tensor chosen = weights.parameter(own ? ownBias : bias, Role.BIAS, vocabulary);
    String weight = name + ".weight";
    boolean tied = tie && (!weights.has(weight) || weights.same(weight, embeddings.words().name()));
    return tied
        ? Linear.tied(weights, name, embeddings.words(), chosen)
        : Linear.untied(weights, name, embeddings.tables().size(), vocabulary, chosen);
  }
}
