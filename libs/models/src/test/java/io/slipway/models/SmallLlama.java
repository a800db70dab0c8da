package io.slipway.models;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A Llama with random weights that is just large enough for its linear layers to be quantised. */
public final class SmallLlama {

  private static final long HIDDEN = 64;
  private static final long INTERMEDIATE = 128;
  private static final long VOCABULARY = 256;

  private final SafetensorsWriter writer = new SafetensorsWriter();
  private final Random random = new Random(7);

  private SmallLlama() {}

  /** Writes its checkpoint into a folder. */
  public static void write(Path directory) throws IOException {
    SmallLlama llama = new SmallLlama();
    llama.matrix("model.embed_tokens", VOCABULARY, HIDDEN);
    for (int i = 0; i < 2; i++) {
      String layer = "model.layers." + i + ".";
      for (String part : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
        llama.matrix(layer + "self_attn." + part, HIDDEN, HIDDEN);
      }
      llama.matrix(layer + "mlp.gate_proj", INTERMEDIATE, HIDDEN);
      llama.matrix(layer + "mlp.up_proj", INTERMEDIATE, HIDDEN);
      llama.matrix(layer + "mlp.down_proj", HIDDEN, INTERMEDIATE);
      llama.ones(layer + "input_layernorm");
      llama.ones(layer + "post_attention_layernorm");
    }
    llama.ones("model.norm");
    llama.matrix("lm_head", VOCABULARY, HIDDEN);
    llama.writer.write(directory.resolve("model.safetensors"), false);
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 256,
         "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
         "num_attention_heads": 4, "num_key_value_heads": 4, "max_position_embeddings": 256,
         "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "hidden_act": "silu",
         "tie_word_embeddings": false}
        """);
  }

  private void matrix(String name, long rows, long columns) {
    float[] values = new float[(int) (rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / (float) Math.sqrt((double) columns);
    }
    add(name, values, List.of(rows, columns));
  }

  private void ones(String name) {
    float[] values = new float[(int) HIDDEN];
    Arrays.fill(values, 1);
    add(name, values, List.of(HIDDEN));
  }

  private void add(String name, float[] values, List<Long> shape) {
    MemorySegment data = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values);
    writer.tensor(name + ".weight", Dtype.F32, shape, () -> data);
  }
}
