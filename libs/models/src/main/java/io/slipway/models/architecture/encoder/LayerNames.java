package io.slipway.models.architecture.encoder;

/** Paths of a block's modules in the reference, beneath the block's own. */
record LayerNames(
    String query,
    String key,
    String value,
    String attended,
    String attentionNorm,
    String intermediate,
    String output,
    String outputNorm) {

  /** As BERT has them, and many that came after it. */
  static final LayerNames BERT =
      new LayerNames(
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");
}
