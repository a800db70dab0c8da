package io.slipway.benchmarks.engine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Something to be timed. As a JSON line it is what a measuring process is asked.
 *
 * @param length tokens of each row; for decoding those that came before
 * @param warmUp calls that are not counted
 * @param runs calls of which the median counts
 */
record Measurement(Work work, int batch, int length, int warmUp, int runs) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Kinds of work. */
  enum Work {
    /** From a folder to the first answer. */
    LOAD("load"),
    /** One pass through an encoder. */
    ENCODER("encoder"),
    /** One pass over prompts, up to the scores of what follows. */
    PREFILL("prefill"),
    /** One token more for each row. */
    DECODE("decode"),
    /** A training step of all weights. */
    TRAIN_FULL("train-full"),
    /** A training step of adapters. */
    TRAIN_LORA("train-lora"),
    /** a + s * b into c, over buffers of {@code length} MiB each. */
    TRIAD("triad"),
    /** One buffer of {@code length} MiB into another. */
    COPY("copy"),
    /** Product of two square matrices of {@code length}. */
    MATMUL("matmul"),
    /** The most memory that the process has had. */
    PEAK_MEMORY("peak-memory");

    private final String jsonName;

    Work(String jsonName) {
      this.jsonName = jsonName;
    }

    String jsonName() {
      return jsonName;
    }

    static Work named(String name) {
      for (Work work : values()) {
        if (work.jsonName.equals(name)) {
          return work;
        }
      }
      throw new IllegalArgumentException("unknown work \"" + name + '"');
    }
  }

  String toJson() {
    return JSON.createObjectNode()
        .put("work", work.jsonName)
        .put("batch", batch)
        .put("length", length)
        .put("warm_up", warmUp)
        .put("runs", runs)
        .toString();
  }

  static Measurement parse(String line) {
    JsonNode node = JSON.readTree(line);
    return new Measurement(
        Work.named(node.path("work").asString("")),
        node.path("batch").asInt(),
        node.path("length").asInt(),
        node.path("warm_up").asInt(),
        node.path("runs").asInt());
  }

  /** As a person names it. */
  String title() {
    return work == Work.LOAD || work == Work.PEAK_MEMORY
        ? work.jsonName
        : "%s %dx%d".formatted(work.jsonName, batch, length);
  }
}
