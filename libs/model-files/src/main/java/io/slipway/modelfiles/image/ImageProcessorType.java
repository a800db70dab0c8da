package io.slipway.modelfiles.image;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The reference's classes that are implemented, with their defaults. */
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
  /** Of many ResNets and their kin. */
  BIT(
      "BitImageProcessor",
      Set.of("bit"),
      new ImageSize.ShortestEdge(224, OptionalInt.empty()),
      Resampling.BICUBIC,
      true,
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

  private static final List<Float> HALVES = List.of(0.5f, 0.5f, 0.5f);

  /** Of the images that CLIP was trained on. */
  private static final List<Float> CLIP_MEAN = List.of(0.48145466f, 0.4578275f, 0.40821073f);

  private static final List<Float> CLIP_STD = List.of(0.26862954f, 0.26130258f, 0.27577711f);

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
    return switch (this) {
      case VIT, DEIT, BEIT -> true;
      case BIT, CONVNEXT -> false;
    };
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

  /** Of red, green and blue. */
  List<Float> mean() {
    return this == BIT ? CLIP_MEAN : HALVES;
  }

  List<Float> std() {
    return this == BIT ? CLIP_STD : HALVES;
  }
}
