package io.slipway.modelfiles.image;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * preprocessor_config.json, its absent fields filled with the defaults of the reference's class.
 *
 * @param size what to resize to; empty when images are not resized
 * @param cropPct the part of a resized image that {@link ImageProcessorType#CONVNEXT} keeps
 * @param cropSize what to crop to; empty when images are not cropped
 * @param rescaleFactor what samples of 0 to 255 are multiplied with; empty when they are not
 * @param mean subtracted from each channel; empty when images are not normalized
 * @param std what each channel is divided by then; as long as {@code mean}
 */
record ImageProcessorConfig(
    ImageProcessorType type,
    Optional<ImageSize> size,
    Resampling resampling,
    double cropPct,
    Optional<ImageSize.Exact> cropSize,
    Optional<Double> rescaleFactor,
    List<Float> mean,
    List<Float> std) {

  private static final String FILE = "preprocessor_config.json";
  private static final String TYPE = "image_processor_type";

  static ImageProcessorConfig read(Path directory) throws IOException {
    ModelConfig config = ModelConfig.read(directory.resolve(FILE));
    ImageProcessorType type = type(config, directory);
    if (config.booleanOr("do_pad", false)) {
      throw config.unsupported("do_pad", "true", "false");
    }
    boolean normalize = config.booleanOr("do_normalize", true);
    config.booleanOr("do_convert_rgb", true);
    return new ImageProcessorConfig(
        type,
        size(config, type),
        resampling(config, type),
        cropPct(config),
        cropSize(config, type),
        rescaleFactor(config),
        normalize ? perChannel(config, "image_mean", type.mean()) : List.of(),
        normalize ? std(config, type) : List.of());
  }

  /**
   * The name may be that of a fast or slow variant, or of the feature extractors of older
   * checkpoints; where there is none, the model's family decides.
   */
  private static ImageProcessorType type(ModelConfig config, Path directory) throws IOException {
    Optional<String> name =
        config
            .string(TYPE)
            .or(
                () ->
                    config
                        .string("feature_extractor_type")
                        .map(older -> older.replace("FeatureExtractor", "ImageProcessor")));
    if (name.isPresent()) {
      return ImageProcessorType.named(name.get())
          .orElseThrow(() -> config.unsupported(TYPE, name.get(), supportedTypes()));
    }
    if (!Files.exists(directory.resolve(ModelConfig.FILE))) {
      throw new ModelFilesException(
          Reason.MALFORMED_CONFIG, FILE + " has no field \"" + TYPE + "\", which is required");
    }
    ModelConfig model = ModelConfig.read(directory.resolve(ModelConfig.FILE));
    return ImageProcessorType.ofModelType(model.modelType())
        .orElseThrow(
            () ->
                config.unsupported(
                    TYPE, "absent and model_type " + model.modelType(), supportedTypes()));
  }

  private static String supportedTypes() {
    return Arrays.stream(ImageProcessorType.values())
        .map(ImageProcessorType::className)
        .collect(Collectors.joining(", "));
  }

  private static Optional<ImageSize> size(ModelConfig config, ImageProcessorType type) {
    if (!config.booleanOr("do_resize", true)) {
      return Optional.empty();
    }
    boolean square = config.booleanOr("default_to_square", type.squareByDefault());
    ImageSize size = ImageSize.read(config, "size", square).orElse(type.size());
    if (type == ImageProcessorType.CONVNEXT && !(size instanceof ImageSize.ShortestEdge)) {
      throw config.unsupported("size", size.toString(), "shortest_edge for " + type.className());
    }
    return Optional.of(size);
  }

  private static Resampling resampling(ModelConfig config, ImageProcessorType type) {
    int number = config.intOr("resample", type.resampling().ordinal());
    if (number < 0 || number >= Resampling.values().length) {
      throw config.malformed(
          "resample",
          "is %d, expected 0 to %d (%s)"
              .formatted(
                  number,
                  Resampling.values().length - 1,
                  Arrays.stream(Resampling.values())
                      .map(filter -> filter.name().toLowerCase(Locale.ROOT))
                      .collect(Collectors.joining(", "))));
    }
    return Resampling.values()[number];
  }

  private static double cropPct(ModelConfig config) {
    double cropPct = config.doubleOr("crop_pct", ImageProcessorType.CROP_PCT);
    if (!(cropPct > 0 && cropPct <= 1)) {
      throw config.malformed("crop_pct", "is " + cropPct + ", expected more than 0 and at most 1");
    }
    return cropPct;
  }

  private static Optional<ImageSize.Exact> cropSize(ModelConfig config, ImageProcessorType type) {
    if (!config.booleanOr("do_center_crop", type.centerCrop())) {
      return Optional.empty();
    }
    Optional<ImageSize> size = ImageSize.read(config, "crop_size", true).or(type::cropSize);
    if (size.orElse(null) instanceof ImageSize.Exact exact) {
      return Optional.of(exact);
    }
    throw config.malformed(
        "crop_size", "is %s, expected a height and a width".formatted(config.node("crop_size")));
  }

  private static Optional<Double> rescaleFactor(ModelConfig config) {
    return config.booleanOr("do_rescale", true)
        ? Optional.of(config.doubleOr("rescale_factor", 1.0 / 255))
        : Optional.empty();
  }

  private static List<Float> std(ModelConfig config, ImageProcessorType type) {
    List<Float> std = perChannel(config, "image_std", type.std());
    if (std.contains(0f)) {
      throw config.malformed("image_std", "is " + std + ", expected no zeros");
    }
    return std;
  }

  /** One number for all channels, or one for each. */
  private static List<Float> perChannel(ModelConfig config, String field, List<Float> absent) {
    Optional<JsonNode> found = config.node(field);
    if (found.isEmpty()) {
      return absent;
    }
    JsonNode node = found.get();
    if (node.isNumber()) {
      float value = (float) node.asDouble();
      return List.of(value, value, value);
    }
    boolean numbers = node.values().stream().allMatch(JsonNode::isNumber);
    if (!node.isArray() || node.size() != RgbImage.CHANNELS || !numbers) {
      throw config.wrong(field, node, "a number, or three: for red, green and blue");
    }
    return node.values().stream().map(value -> (float) value.asDouble()).toList();
  }
}
