package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Head;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalAttention;
import io.slipway.models.layers.attention.CausalAttention.Heads;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.RopeParameters;
import io.slipway.models.layers.attention.Rotation;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Falcon, in its layouts: attention and feed-forward side by side or one after the other, one or
 * two normalisations, queries that share one head of keys, a few, or none.
 *
 * @see <a href="https://arxiv.org/abs/2311.16867">Almazrouei et al. 2023</a>
 */
public final class Falcon {

  public static final Family FAMILY =
      Family.of("falcon", new Names())
          .positions(json -> OptionalInt.of(json.intOr("max_position_embeddings", 2048)))
          .head(Head.CAUSAL_LM, Falcon::causalLm, "FalconForCausalLM");

  private Falcon() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.hiddenSize();
    Embedding tokens =
        new Embedding(
            weights, "transformer.word_embeddings", config.vocabSize(), h, Embedding.NO_PADDING);
    List<DecoderLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights, config, i))
            .toList();
    LayerNorm norm = new LayerNorm(weights, "transformer.ln_f", h, config.layerNormEpsilon());
    Linear output =
        config.tieWordEmbeddings()
            ? Linear.tied(weights, "lm_head", tokens, null)
            : new Linear(weights, "lm_head", h, config.vocabSize(), false);
    return new DecoderStack(
        new DecoderStack.Size(
            config.vocabSize(),
            Integer.MAX_VALUE,
            config.keyValueHeads(),
            config.headDim(),
            Set.of(CausalPass.UNLIMITED),
            false,
            weights.device(),
            weights.precision()),
        (forward, ids, pass) -> tokens.apply(ids),
        config.alibi()
            ? new DecoderStack.Positions(
                null, new Alibi(config.numAttentionHeads(), config.scale(), weights.device()))
            : DecoderStack.Positions.rotary(config.rope()),
        layers,
        norm::apply,
        output::apply);
  }

  private static DecoderLayer layer(Weights weights, Config config, int i) {
    String prefix = "transformer.h." + i + ".";
    int h = config.hiddenSize();
    int wide = config.ffnHiddenSize();
    boolean biased = config.bias();
    Mlp mlp =
        new Mlp(
            new Linear(weights, prefix + "mlp.dense_h_to_4h", h, wide, biased),
            config.activation(),
            new Linear(weights, prefix + "mlp.dense_4h_to_h", wide, h, biased));
    DecoderAttention attention = attention(weights, prefix + "self_attention.", config, i);
    return switch (config.layout()) {
      case SEQUENTIAL ->
          new Sequential(
              norm(weights, prefix + "input_layernorm", config),
              attention,
              norm(weights, prefix + "post_attention_layernorm", config),
              mlp,
              config.attentionDropout(),
              config.hiddenDropout());
      case PARALLEL -> {
        LayerNorm norm = norm(weights, prefix + "input_layernorm", config);
        yield new Parallel(norm, attention, norm, mlp, config.hiddenDropout());
      }
      case PARALLEL_TWO_NORMS ->
          new Parallel(
              norm(weights, prefix + "ln_attn", config),
              attention,
              norm(weights, prefix + "ln_mlp", config),
              mlp,
              config.hiddenDropout());
    };
  }

  private static LayerNorm norm(Weights weights, String name, Config config) {
    return new LayerNorm(weights, name, config.hiddenSize(), config.layerNormEpsilon());
  }

  private static DecoderAttention attention(
      Weights weights, String prefix, Config config, int layer) {
    int h = config.hiddenSize();
    int heads = config.numAttentionHeads();
    int keyHeads = config.keyValueHeads();
    int d = config.headDim();
    Linear joint =
        new Linear(
            weights,
            prefix + "query_key_value",
            h,
            (long) (heads + 2 * keyHeads) * d,
            config.bias());
    return new DecoderAttention(
        (forward, x) -> heads(joint.apply(forward, x), heads, keyHeads, d),
        new CausalAttention(
            layer,
            heads,
            keyHeads,
            d,
            CausalPass.UNLIMITED,
            config.scale(),
            OptionalDouble.empty(),
            config.alibi() ? config.attentionDropout() : 0), // The reference drops out only there.
        new Linear(weights, prefix + "dense", h, h, config.bias()));
  }

  /** Groups of some queries, a key and a value each: [b, s, m * (n / m + 2) * d] */
  private static Heads heads(Tensor x, int heads, int keyHeads, int d) {
    int group = heads / keyHeads;
    Tensor groups = x.unflatten(-1, keyHeads, group + 2, d); // [b, s, m, g + 2, d]
    return new Heads(
        groups.narrow(3, 0, group).reshape(x.size(0), x.size(1), heads, d),
        groups.select(3, group),
        groups.select(3, group + 1));
  }

  private record Mlp(Linear widen, Activation activation, Linear narrow) {

    Tensor apply(Forward forward, Tensor x) {
      return narrow.apply(forward, activation.of(forward, widen, x));
    }
  }

  /** Both parts read the block's input, and are added to it together. */
  private record Parallel(
      LayerNorm attentionNorm,
      DecoderAttention attention,
      LayerNorm mlpNorm,
      Mlp mlp,
      double dropout)
      implements DecoderLayer {

    @Override
    public Tensor apply(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation) {
      Tensor forAttention = attentionNorm.apply(x);
      Tensor forMlp = mlpNorm == attentionNorm ? forAttention : mlpNorm.apply(x);
      Tensor attended = attention.apply(forward, forAttention, pass, rotation);
      Tensor both = mlp.apply(forward, forMlp).add_(attended);
      return forward.dropout(both, dropout).add_(x);
    }
  }

  /** The feed-forward part reads what attention gave. */
  private record Sequential(
      LayerNorm attentionNorm,
      DecoderAttention attention,
      LayerNorm mlpNorm,
      Mlp mlp,
      double attentionDropout,
      double hiddenDropout)
      implements DecoderLayer {

    @Override
    public Tensor apply(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation) {
      Tensor attended = attention.apply(forward, attentionNorm.apply(x), pass, rotation);
      Tensor middle = forward.dropout(attended, attentionDropout).add_(x);
      Tensor fed = mlp.apply(forward, mlpNorm.apply(middle));
      return forward.dropout(fed, hiddenDropout).add_(middle);
    }
  }

  /** How a block is put together. */
  enum Layout {
    SEQUENTIAL,
    PARALLEL,
    PARALLEL_TWO_NORMS
  }

  /**
   * config.json, field by field; what is not implemented is refused by name.
   *
   * @param keyValueHeads those that the layout has, whatever {@code num_kv_heads} says
   */
  record Config(
      int vocabSize,
      int hiddenSize,
      int ffnHiddenSize,
      int numHiddenLayers,
      int numAttentionHeads,
      int keyValueHeads,
      Layout layout,
      boolean bias,
      boolean alibi,
      Activation activation,
      double hiddenDropout,
      double attentionDropout,
      double layerNormEpsilon,
      boolean tieWordEmbeddings,
      RopeParameters rope) {

    static Config of(ModelConfig json) {
      DecoderConfig.refuseVariants(json);
      int hidden = json.requirePositiveInt(json.has("n_embed") ? "n_embed" : "hidden_size");
      int heads = json.requirePositiveInt("num_attention_heads");
      int headDim = DecoderConfig.headSize(json, "hidden_size", hidden, heads);
      return new Config(
          json.requirePositiveInt("vocab_size"),
          hidden,
          json.has("ffn_hidden_size") ? json.requirePositiveInt("ffn_hidden_size") : 4 * hidden,
          json.requirePositiveInt("num_hidden_layers"),
          heads,
          keyValueHeads(json, heads),
          layout(json),
          json.booleanOr("bias", false),
          json.booleanOr("alibi", false),
          Activation.of(json, "activation", "gelu"),
          json.probabilityOr("hidden_dropout", 0),
          json.probabilityOr("attention_dropout", 0),
          json.doubleOr("layer_norm_epsilon", 1e-5),
          json.booleanOr("tie_word_embeddings", true),
          RopeParameters.of(
              json,
              headDim,
              json.intOr("max_position_embeddings", 2048),
              RopeParameters.Defaults.USUAL));
    }

    private static boolean newDecoder(ModelConfig json) {
      return json.booleanOr("new_decoder_architecture", false);
    }

    private static int keyValueHeads(ModelConfig json, int heads) {
      int named = json.has("num_kv_heads") ? json.requirePositiveInt("num_kv_heads") : heads;
      if (newDecoder(json)) {
        if (heads % named != 0) {
          throw json.malformed(
              "num_kv_heads", "is %d, which does not divide %d heads".formatted(named, heads));
        }
        return named;
      }
      if (json.booleanOr("multi_query", true)) {
        return 1;
      }
      if (named != heads) {
        throw json.unsupported(
            "num_kv_heads",
            Integer.toString(named),
            "%d, the number of attention heads, without multi_query".formatted(heads));
      }
      return heads;
    }

    private static Layout layout(ModelConfig json) {
      boolean parallel = json.booleanOr("parallel_attn", true);
      int norms = json.intOr("num_ln_in_parallel_attn", newDecoder(json) ? 2 : 1);
      if (newDecoder(json) && !parallel) {
        throw json.unsupported("parallel_attn", "false", "true with new_decoder_architecture");
      }
      if (!parallel) {
        return Layout.SEQUENTIAL;
      }
      if (norms == 2 && newDecoder(json)) {
        return Layout.PARALLEL_TWO_NORMS;
      }
      if (norms != 1) {
        throw json.unsupported(
            "num_ln_in_parallel_attn",
            Integer.toString(norms),
            newDecoder(json) ? "1, 2" : "1 without new_decoder_architecture");
      }
      return Layout.PARALLEL;
    }

    int headDim() {
      return hiddenSize / numAttentionHeads;
    }

    double scale() {
      return 1 / Math.sqrt(headDim());
    }
  }

  /** Names of the reference's checkpoints. */
  private static final class Names implements WeightNames {

    @Override
    public String canonical(String name, Set<String> all) {
      return name;
    }

    @Override
    public boolean ignorable(String name) {
      return name.endsWith(".inv_freq");
    }
  }
}
