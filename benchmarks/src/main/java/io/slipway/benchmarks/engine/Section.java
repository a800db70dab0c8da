package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A part of the benchmark: one checkpoint, and what is measured with it. */
enum Section {
  ENCODER("minilm-size", List.of(Weights.FLOAT32, Weights.BFLOAT16)),
  DECODER("llama-254m", List.of(Weights.FLOAT32, Weights.BFLOAT16, Weights.INT4)),
  TRAINING("minilm-size", List.of(Weights.FLOAT32, Weights.BF16_AUTOCAST));

  private static final int[] DECODER_BATCHES = {1, 4, 16};

  /** For each that counts: a token is so short that a JVM still compiles during the first ones. */
  private static final int TOKENS_TO_WARM_UP = 4;

  /** The types that a section runs in, each in a process of its own. */
  enum Weights {
    FLOAT32("float32", 4),
    BFLOAT16("bfloat16", 2),
    /** Groups of 32 with a scale and a zero point of 16 bits each. */
    INT4("int4", 0.625),
    /** Single precision, multiplied in bfloat16. */
    BF16_AUTOCAST("bf16-autocast", 4);

    private final String dtype;
    private final double bytes;

    Weights(String dtype, double bytes) {
      this.dtype = dtype;
      this.bytes = bytes;
    }

    /** As figures name it. */
    String dtype() {
      return dtype;
    }

    /** Of a weight in a matrix. */
    double bytes() {
      return bytes;
    }

    /** What the peer is measured in: its best, where it has nothing of the kind. */
    Weights ofPeer() {
      return this == INT4 ? BFLOAT16 : this;
    }

    /** The type that products are computed in. */
    String computedIn() {
      return this == FLOAT32 ? "float32" : "bfloat16";
    }
  }

  private final String model;
  private final List<Weights> weights;

  Section(String model, List<Weights> weights) {
    this.model = model;
    this.weights = weights;
  }

  /** Folder of the checkpoint. */
  String model() {
    return model;
  }

  List<Weights> weights() {
    return weights;
  }

  String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a turn is, in this order; {@code runs} is for quick work, slow work gets fewer. */
  List<Measurement> measurements(int runs) {
    int quick = Math.max(2, runs * 2 / 3);
    int warm = TOKENS_TO_WARM_UP * runs;
    List<Measurement> all = new ArrayList<>();
    all.add(new Measurement(Work.LOAD, 1, 8, 0, 1));
    switch (this) {
      case ENCODER -> {
        all.add(new Measurement(Work.ENCODER, 1, 128, quick, runs));
        all.add(new Measurement(Work.ENCODER, 32, 128, 1, runs));
      }
      case DECODER -> {
        for (int batch : DECODER_BATCHES) {
          all.add(new Measurement(Work.PREFILL, batch, 128, 1, Math.max(1, quick / batch)));
          all.add(new Measurement(Work.DECODE, batch, 128, batch == 1 ? warm : quick, runs));
        }
      }
      case TRAINING -> {
        all.add(new Measurement(Work.TRAIN_FULL, 32, 64, 1, quick));
        all.add(new Measurement(Work.TRAIN_LORA, 32, 64, 1, quick));
      }
    }
    return all;
  }
}
