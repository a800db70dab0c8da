package io.slipway.models.architecture.vision;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.ImageClassifier;
import io.slipway.models.layers.BatchNorm;
import io.slipway.models.layers.Convolution;
import io.slipway.models.layers.Convolution.Kernel;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * ResNet: stages of convolutions, each added to what it was given, with batch normalisation.
 *
 * <p>Shapes: b rows, c channels, height and width of the image shrinking from stage to stage.
 * Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al. 2015</a>
 */
public final class ResNet {

  public static final Family FAMILY =
      Family.of("resnet", new Names())
          .positions(json -> OptionalInt.empty())
          .head(
              Head.IMAGE_CLASSIFICATION,
              HeadCode.of(ResNet::classifier, "ResNetForImageClassification")
                  .labels("classifier."));

  private final Config config;
  private final NormedConvolution stem;
  private final List<Layer> layers;

  private ResNet(Weights weights, Config config) {
    this.config = config;
    this.stem =
        new NormedConvolution(
            weights,
            "resnet.embedder.embedder.",
            config.numChannels(),
            config.embeddingSize(),
            Kernel.square(7, 2),
            config.hiddenAct());
    this.layers = new ArrayList<>();
    int channels = config.embeddingSize();
    for (int stage = 0; stage < config.depths().size(); stage++) {
      int outputs = config.hiddenSizes().get(stage);
      for (int i = 0; i < config.depths().get(stage); i++) {
        String prefix = "resnet.encoder.stages." + stage + ".layers." + i + ".";
        int stride = i == 0 && (stage > 0 || config.downsampleInFirstStage()) ? 2 : 1;
        layers.add(
            config.bottleneck()
                ? Layer.bottleneck(weights, prefix, channels, outputs, stride, config)
                : Layer.basic(weights, prefix, channels, outputs, stride, config));
        channels = outputs;
      }
    }
  }

  /** ResNetForImageClassification: the channels' means to a score for each label. */
  private static ImageClassifier classifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    ResNet resnet = new ResNet(weights, config);
    Linear classifier = new Linear(weights, "classifier.1", config.hiddenSizes().getLast(), labels);
    return (forward, pixels) -> classifier.apply(forward, resnet.summarise(forward, pixels));
  }

  /**
   * [b, channels, height, width] to [b, c]. Its layers are not {@linkplain Forward#block blocks}
   * that could be run again: each run of a normalisation moves its running values.
   */
  private Tensor summarise(Forward forward, Tensor pixels) {
    Images.check(pixels, config.numChannels());
    Tensor x =
        Scope.result(
            () ->
                torch.max_pool2d(
                    stem.apply(forward, stem.convolution().asInput(pixels)),
                    new long[] {3, 3},
                    new long[] {2, 2},
                    new long[] {1, 1},
                    new long[] {1, 1},
                    false));
    for (Layer layer : layers) {
      Tensor input = x;
      x = Scope.result(() -> layer.apply(forward, input));
    }
    return torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, 3);
  }

  /** A convolution without a bias, a normalisation and mostly an activation. */
  private record NormedConvolution(
      Convolution convolution, BatchNorm norm, @Nullable Activation activation) {

    NormedConvolution(
        Weights weights,
        String prefix,
        int inputs,
        int outputs,
        Kernel kernel,
        @Nullable Activation activation) {
      this(
          new Convolution(weights, prefix + "convolution", inputs, outputs, kernel, false),
          new BatchNorm(weights, prefix + "normalization", outputs),
          activation);
    }

    Tensor apply(Forward forward, Tensor x) {
      Tensor normal = norm.apply(forward, convolution.apply(x));
      return activation == null ? normal : activation.apply(normal);
    }
  }

  /**
   * Convolutions whose result is added to their input.
   *
   * @param shortcut brings the input to the result's shape where that differs, or null
   * @param activation of the sum; those between the convolutions are always ReLU
   */
  private record Layer(
      @Nullable NormedConvolution shortcut,
      List<NormedConvolution> convolutions,
      Activation activation) {

    /** Two convolutions of 3 x 3. */
    static Layer basic(
        Weights weights, String prefix, int inputs, int outputs, int stride, Config config) {
      String layer = prefix + "layer.";
      Kernel first = Kernel.square(3, stride);
      Kernel second = Kernel.square(3, 1);
      return new Layer(
          shortcut(weights, prefix, inputs, outputs, stride),
          List.of(
              new NormedConvolution(weights, layer + "0.", inputs, outputs, first, Activation.RELU),
              new NormedConvolution(weights, layer + "1.", outputs, outputs, second, null)),
          config.hiddenAct());
    }

    /** One of 3 x 3 on a quarter of the channels, between two of 1 x 1. */
    static Layer bottleneck(
        Weights weights, String prefix, int inputs, int outputs, int stride, Config config) {
      String layer = prefix + "layer.";
      int fewer = outputs / Config.REDUCTION;
      boolean early = config.downsampleInBottleneck();
      Kernel first = Kernel.square(1, early ? stride : 1);
      Kernel second = Kernel.square(3, early ? 1 : stride);
      Kernel third = Kernel.square(1, 1);
      return new Layer(
          shortcut(weights, prefix, inputs, outputs, stride),
          List.of(
              new NormedConvolution(weights, layer + "0.", inputs, fewer, first, Activation.RELU),
              new NormedConvolution(weights, layer + "1.", fewer, fewer, second, Activation.RELU),
              new NormedConvolution(weights, layer + "2.", fewer, outputs, third, null)),
          config.hiddenAct());
    }

    private static @Nullable NormedConvolution shortcut(
        Weights weights, String prefix, int inputs, int outputs, int stride) {
      return inputs == outputs && stride == 1
          ? null
          : new NormedConvolution(
              weights, prefix + "shortcut.", inputs, outputs, Kernel.square(1, stride), null);
    }

    Tensor apply(Forward forward, Tensor x) {
      Tensor result = x;
      for (NormedConvolution convolution : convolutions) {
        result = convolution.apply(forward, result);
      }
      return activation.apply(result.add(shortcut == null ? x : shortcut.apply(forward, x)));
    }
  }

  /**
   * config.json, field by field; what is not implemented is refused by name. {@code stage_names}
   * and the {@code out} fields belong to its use as a backbone.
   */
  record Config(
      int numChannels,
      int embeddingSize,
      List<Integer> hiddenSizes,
      List<Integer> depths,
      boolean bottleneck,
      Activation hiddenAct,
      boolean downsampleInFirstStage,
      boolean downsampleInBottleneck) {

    /** Channels of a bottleneck's ends for each in its middle. */
    static final int REDUCTION = 4;

    static Config of(ModelConfig json) {
      if (json.has("quantization_config")) {
        throw json.unsupported("quantization_config", "present", "weights that are not quantised");
      }
      String type = json.string("layer_type").orElse("bottleneck");
      if (!type.equals("basic") && !type.equals("bottleneck")) {
        throw json.unsupported("layer_type", '"' + type + '"', "\"basic\", \"bottleneck\"");
      }
      List<Integer> sizes = positive(json, "hidden_sizes", List.of(256, 512, 1024, 2048));
      List<Integer> depths = positive(json, "depths", List.of(3, 4, 6, 3));
      if (sizes.size() != depths.size()) {
        throw json.malformed(
            "depths", "has %d stages, hidden_sizes %d".formatted(depths.size(), sizes.size()));
      }
      boolean bottleneck = type.equals("bottleneck");
      if (bottleneck && sizes.stream().anyMatch(size -> size < REDUCTION)) {
        throw json.malformed(
            "hidden_sizes", "is %s, expected at least %d each".formatted(sizes, REDUCTION));
      }
      return new Config(
          Images.channels(json),
          json.has("embedding_size") ? json.requirePositiveInt("embedding_size") : 64,
          sizes,
          depths,
          bottleneck,
          Activation.of(json, "hidden_act", "relu"),
          json.booleanOr("downsample_in_first_stage", false),
          json.booleanOr("downsample_in_bottleneck", false));
    }

    private static List<Integer> positive(ModelConfig json, String field, List<Integer> absent) {
      List<Integer> values = json.integers(field).orElse(absent);
      if (values.isEmpty() || values.stream().anyMatch(value -> value < 1)) {
        throw json.malformed(field, "is %s, expected positive integers".formatted(values));
      }
      return values;
    }
  }

  /** With a head, or the model alone without the prefix. */
  private static final class Names implements WeightNames {

    private static final List<String> PARTS = List.of("embedder.", "encoder.");

    @Override
    public String canonical(String name, Set<String> all) {
      boolean alone = all.stream().noneMatch(other -> other.startsWith("resnet."));
      return alone && PARTS.stream().anyMatch(name::startsWith) ? "resnet." + name : name;
    }

    @Override
    public boolean ignorable(String name) {
      return name.startsWith("classifier.");
    }
  }
}
