package io.slipway.modelfiles.image;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The reference's classes that are implemented, with their defaults. All of them take a half as the
 * mean and the deviation of every channel.
 */
enum ImageProcessorType {
  VIT("ViTImageProcessor", Set.of("vit"), exact(224), Resampling.BILINEAR, false, Optional.empty()),
  DEIT(
      "DeiTImageProcessor",
      Set.of("deit"),
      exact(256),
      Resampling.BICUBIC,
      true,
      Optional.of(exact(224))),
  BEIT(
      "BeitImageProcessor",
      Set.of("beit"),
      exact(224),
      Resampling.BICUBIC,
      false,
      Optional.of(exact(224))),
  /**
   * Below {@link #WARPED_EDGE} it resizes to more than is asked for and cuts the center out of
   * that; from there on it resizes to a square.
   */
  CONVNEXT(
      "ConvNextImageProcessor",
      Set.of("convnext", "resnet"),
      new ImageSize.ShortestEdge(384, OptionalInt.empty()),
      Resampling.BICUBIC,
      false,
      Optional.empty());

  static final int WARPED_EDGE = 384;
  static final double CROP_PCT = 224.0 / 256;

  private final String className;
  private final Set<String> modelTypes;
  private final ImageSize size;
  private final Resampling resampling;
  private final boolean centerCrop;
  private final Optional<ImageSize> cropSize;

  ImageProcessorType(
      String className,
      Set<String> modelTypes,
      ImageSize size,
      Resampling resampling,
      boolean centerCrop,
      Optional<ImageSize> cropSize) {
    this.className = className;
    this.modelTypes = modelTypes;
    this.size = size;
    this.resampling = resampling;
    this.centerCrop = centerCrop;
    this.cropSize = cropSize;
  }

  private static ImageSize exact(int edge) {
    return new ImageSize.Exact(edge, edge);
  }

  /** Fast variants compute the same by another library, up to rounding. */
  static Optional<ImageProcessorType> named(String name) {
    String plain =
        name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
    return Arrays.stream(values()).filter(type -> type.className.equals(plain)).findFirst();
  }

  static Optional<ImageProcessorType> ofModelType(String modelType) {
    return Arrays.stream(values()).filter(type -> type.modelTypes.contains(modelType)).findFirst();
  }

  String className() {
    return className;
  }

  ImageSize size() {
    return size;
  }

  /** Whether a size that is one number is the side of a square; else it is the shortest edge. */
  boolean squareByDefault() {
    return this != CONVNEXT;
  }

  Resampling resampling() {
    return resampling;
  }

  boolean centerCrop() {
    return centerCrop;
  }

  Optional<ImageSize> cropSize() {
    return cropSize;
  }
}
