package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.modelfiles.ModelConfig;

/**
 * What a model's work takes at least, by its configuration: floating-point operations (two for each
 * weight and token, and attention's products) and bytes that have to come from memory.
 *
 * @param matrices weights of the layers' matrices
 * @param head weights of the output matrix
 * @param hidden features of a token
 * @param keys features of a token's key, and of its value
 * @param causal whether a token sees only those before it
 */
record ModelCost(long matrices, long head, long layers, long hidden, long keys, boolean causal) {

  /** BERT's sequence classifier, or a Llama. */
  static ModelCost of(ModelConfig config, Section section) {
    long hidden = config.requirePositiveInt("hidden_size");
    long layers = config.requirePositiveInt("num_hidden_layers");
    long inner = config.requirePositiveInt("intermediate_size");
    long heads = config.requirePositiveInt("num_attention_heads");
    if (section != Section.DECODER) {
      return new ModelCost(
          layers * (4 * hidden * hidden + 2 * hidden * inner), 0, layers, hidden, hidden, false);
    }
    long width = config.intOr("head_dim", Math.toIntExact(hidden / heads));
    long keys = width * config.intOr("num_key_value_heads", Math.toIntExact(heads));
    long attention = 2 * hidden * heads * width + 2 * hidden * keys;
    return new ModelCost(
        layers * (attention + 3 * hidden * inner),
        hidden * config.requirePositiveInt("vocab_size"),
        layers,
        heads * width,
        keys,
        true);
  }

  /** Floating-point operations of a measurement; 0 where they are not what limits it. */
  double operations(Measurement measurement) {
    double forward = forward(measurement.batch(), measurement.length());
    return switch (measurement.work()) {
      case ENCODER, PREFILL -> forward;
      // Backwards, each product has two: by its input and by its weights; adapters need the first.
      case TRAIN_FULL -> 3 * forward;
      case TRAIN_LORA -> 2 * forward;
      case LOAD, DECODE, TRIAD, COPY, MATMUL, PEAK_MEMORY -> 0;
    };
  }

  private double forward(double batch, double length) {
    double attention = 4 * batch * length * length * hidden * layers * (causal ? 0.5 : 1);
    return 2 * batch * length * matrices + attention + 2 * batch * head;
  }

  /** Bytes that one decoding step reads: all weights once, and all keys and values. */
  double bytes(Measurement measurement, Weights weights) {
    if (measurement.work() != Measurement.Work.DECODE) {
      return 0;
    }
    double cached =
        2.0
            * measurement.batch()
            * measurement.length()
            * keys
            * layers
            * Math.ceil(weights.ofPeer().bytes());
    return (matrices + head) * weights.bytes() + cached;
  }
}
