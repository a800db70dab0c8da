package io.slipway.modelfiles.adapter;

import java.util.Optional;

/** Names of the tensors in adapter_model.safetensors. */
final class AdapterNames {

  /** What stands before the path of every module. */
  static final String PREFIX = "base_model.model.";

  static final String A = ".lora_A.weight";
  static final String B = ".lora_B.weight";

  /** Parts of names that other kinds of changes have, and what these are. */
  enum Foreign {
    EMBEDDING(".lora_embedding_", "a change of an embedding"),
    MAGNITUDE(".lora_magnitude_vector", "a magnitude of DoRA"),
    BIAS(".lora_B.bias", "a bias of a change"),
    BASE_LAYER(".base_layer.", "a weight of the layer beneath a change"),
    TRAINABLE_TOKENS(".token_adapter.", "a change of single tokens"),
    NAMED(".lora_", "a change in a layout other than lora_A.weight and lora_B.weight");

    private final String part;
    private final String meaning;

    Foreign(String part, String meaning) {
      this.part = part;
      this.meaning = meaning;
    }

    String meaning() {
      return meaning;
    }

    static Optional<Foreign> of(String name) {
      for (Foreign foreign : values()) {
        if (name.contains(foreign.part)) {
          return Optional.of(foreign);
        }
      }
      return Optional.empty();
    }
  }

  private AdapterNames() {}
}
