package io.slipway.models.architecture.vision;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.ImageClassifier;
import io.slipway.models.layers.Convolution;
import io.slipway.models.layers.Convolution.Kernel;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Role;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.DotProduct;
import io.slipway.models.layers.attention.SelfAttention;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * ViT: a transformer over an image's patches, behind a token of its own for the whole.
 *
 * <p>Shapes: b rows, p patches, h hidden features. Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. 2020</a>
 */
public final class Vit {

  public static final Family FAMILY =
      Family.of("vit", new Names())
          .positions(json -> OptionalInt.empty())
          .head(
              Head.IMAGE_CLASSIFICATION,
              HeadCode.of(Vit::classifier, "ViTForImageClassification").labels("classifier."));

  private final Config config;
  private final Tensor whole;
  private final Convolution patches;
  private final Tensor positions;
  private final List<Layer> layers;
  private final LayerNorm norm;

  private Vit(Weights weights, Config config) {
    int h = config.hiddenSize();
    String prefix = "vit.embeddings.";
    this.config = config;
    this.whole = weights.parameter(prefix + "cls_token", Role.KERNEL, 1, 1, h);
    this.patches =
        new Convolution(
            weights,
            prefix + "patch_embeddings.projection",
            config.numChannels(),
            h,
            Kernel.patch(config.patchSize().height(), config.patchSize().width()),
            true);
    this.positions =
        weights.parameter(
            prefix + "position_embeddings", Role.KERNEL, 1, config.patchCount() + 1L, h);
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> new Layer(weights, "vit.encoder.layer." + i + ".", config))
            .toList();
    this.norm = new LayerNorm(weights, "vit.layernorm", h, config.layerNormEps());
  }

  /** ViTForImageClassification: the state of the token for the whole to a score for each label. */
  private static ImageClassifier classifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    Vit vit = new Vit(weights, config);
    Linear classifier = new Linear(weights, "classifier", config.hiddenSize(), labels);
    return (forward, pixels) -> classifier.apply(forward, vit.summarise(forward, pixels));
  }

  /** [b, channels, height, width] to [b, h] */
  private Tensor summarise(Forward forward, Tensor pixels) {
    Tensor x =
        forward.blocks(
            layers, embed(forward, pixels), (layer, input) -> layer.apply(forward, input));
    return norm.apply(x.select(1, 0));
  }

  /** [b, channels, height, width] to [b, 1 + p, h] */
  private Tensor embed(Forward forward, Tensor pixels) {
    Images.check(
        pixels, config.numChannels(), config.imageSize().height(), config.imageSize().width());
    Tensor patch =
        patches
            .apply(patches.asInput(pixels)) // [b, h, down, across]
            .flatten(2, 3)
            .transpose(1, 2); // [b, p, h]
    Tensor first = whole.expand(patch.size(0), 1, config.hiddenSize());
    Tensor x = torch.cat(new TensorVector(first, patch), 1).add(positions);
    return forward.dropout(x, config.hiddenDropout());
  }

  /** A transformer block that normalises in front of each part. */
  private static final class Layer {

    private final LayerNorm before;
    private final SelfAttention attention;
    private final LayerNorm after;
    private final Linear intermediate;
    private final Linear output;
    private final Config config;

    Layer(Weights weights, String prefix, Config config) {
      int h = config.hiddenSize();
      int heads = config.numAttentionHeads();
      int inner = heads * config.headDim();
      boolean biased = config.qkvBias();
      String self = prefix + "attention.attention.";
      this.config = config;
      this.before = new LayerNorm(weights, prefix + "layernorm_before", h, config.layerNormEps());
      this.attention =
          new SelfAttention(
              new Linear(weights, self + "query", h, inner, biased),
              new Linear(weights, self + "key", h, inner, biased),
              new Linear(weights, self + "value", h, inner, biased),
              new Linear(weights, prefix + "attention.output.dense", inner, h),
              heads,
              DotProduct.ofHeadSize(config.headDim(), config.attentionDropout()));
      this.after = new LayerNorm(weights, prefix + "layernorm_after", h, config.layerNormEps());
      this.intermediate =
          new Linear(weights, prefix + "intermediate.dense", h, config.intermediateSize());
      this.output = new Linear(weights, prefix + "output.dense", config.intermediateSize(), h);
    }

    /** [b, 1 + p, h] to the same shape */
    Tensor apply(Forward forward, Tensor x) {
      double dropout = config.hiddenDropout();
      Tensor attended = attention.apply(forward, before.apply(x), null);
      Tensor middle = forward.dropout(attended, dropout).add(x);
      Tensor wide = config.hiddenAct().apply(intermediate.apply(forward, after.apply(middle)));
      return forward.dropout(output.apply(forward, wide), dropout).add(middle);
    }
  }

  /** Height and width. */
  record Size(int height, int width) {

    /** A field with one number for both, or with height and width. */
    static Size of(ModelConfig json, String field) {
      List<Integer> sizes =
          json.oneOrMoreIntegers(field)
              .orElseThrow(() -> json.malformed(field, "is missing, but required"));
      if (sizes.isEmpty() || sizes.size() > 2 || sizes.stream().anyMatch(size -> size < 1)) {
        throw json.malformed(
            field, "is %s, expected a positive number, or a height and a width".formatted(sizes));
      }
      return new Size(sizes.getFirst(), sizes.getLast());
    }
  }

  /**
   * config.json, field by field; what is not implemented is refused by name. {@code encoder_stride}
   * and the {@code pooler} fields belong to other heads.
   */
  record Config(
      int hiddenSize,
      int numHiddenLayers,
      int numAttentionHeads,
      int headDim,
      int intermediateSize,
      Activation hiddenAct,
      double hiddenDropout,
      double attentionDropout,
      double layerNormEps,
      Size imageSize,
      Size patchSize,
      int numChannels,
      boolean qkvBias) {

    static Config of(ModelConfig json) {
      if (json.has("quantization_config")) {
        throw json.unsupported("quantization_config", "present", "weights that are not quantised");
      }
      int hidden = json.requirePositiveInt("hidden_size");
      int heads = json.requirePositiveInt("num_attention_heads");
      int headDim = json.intOr("head_dim", hidden / heads);
      if (headDim < 1 || (!json.has("head_dim") && hidden % heads != 0)) {
        throw json.malformed(
            "hidden_size",
            "is %d, which %d attention heads do not divide".formatted(hidden, heads));
      }
      Size image = Size.of(json, "image_size");
      Size patch = Size.of(json, "patch_size");
      if (patch.height() > image.height() || patch.width() > image.width()) {
        throw json.malformed("patch_size", "is %s, larger than %s".formatted(patch, image));
      }
      return new Config(
          hidden,
          json.requirePositiveInt("num_hidden_layers"),
          heads,
          headDim,
          json.requirePositiveInt("intermediate_size"),
          Activation.of(json, "hidden_act", "gelu"),
          json.probabilityOr("hidden_dropout_prob", 0),
          json.probabilityOr("attention_probs_dropout_prob", 0),
          json.doubleOr("layer_norm_eps", 1e-12),
          image,
          patch,
          Images.channels(json),
          json.booleanOr("qkv_bias", true));
    }

    int patchCount() {
      return (imageSize.height() / patchSize.height()) * (imageSize.width() / patchSize.width());
    }
  }

  /** With a head, or the model alone without the prefix; made for this head or for another. */
  private static final class Names implements WeightNames {

    private static final List<String> PARTS =
        List.of("embeddings.", "encoder.", "layernorm.", "pooler.");

    /** Ends of paths, as in checkpoints and as they are now; longer ones before their ends. */
    private static final List<List<String>> RENAMED =
        List.of(
            List.of(".attention.attention.query", ".attention.q_proj"),
            List.of(".attention.attention.key", ".attention.k_proj"),
            List.of(".attention.attention.value", ".attention.v_proj"),
            List.of(".attention.output.dense", ".attention.o_proj"),
            List.of(".intermediate.dense", ".mlp.fc1"),
            List.of(".output.dense", ".mlp.fc2"));

    @Override
    public String canonical(String name, Set<String> all) {
      boolean alone = all.stream().noneMatch(other -> other.startsWith("vit."));
      return alone && PARTS.stream().anyMatch(name::startsWith) ? "vit." + name : name;
    }

    /** Newer versions of the reference have flatter paths than the checkpoints. */
    @Override
    public String layer(String path) {
      return path.startsWith("vit.layers.")
          ? renamed(path, "vit.layers.", "vit.encoder.layer.", false)
          : path;
    }

    @Override
    public String path(String layer) {
      return layer.startsWith("vit.encoder.layer.")
          ? renamed(layer, "vit.encoder.layer.", "vit.layers.", true)
          : layer;
    }

    private static String renamed(String path, String prefix, String other, boolean newer) {
      String renamed = other + path.substring(prefix.length());
      for (List<String> names : RENAMED) {
        String from = names.get(newer ? 0 : 1);
        if (renamed.endsWith(from)) {
          return renamed.substring(0, renamed.length() - from.length()) + names.get(newer ? 1 : 0);
        }
      }
      return renamed;
    }

    @Override
    public boolean ignorable(String name) {
      return name.startsWith("vit.pooler.")
          || name.startsWith("decoder.")
          || name.startsWith("classifier.")
          || name.equals("vit.embeddings.mask_token");
    }
  }
}
