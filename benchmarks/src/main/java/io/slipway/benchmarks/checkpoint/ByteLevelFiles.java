package io.slipway.benchmarks.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer whose tokens are bytes: byte-level BPE without merges, in the format of the {@code
 * tokenizers} library.
 */
final class ByteLevelFiles {

  /** The end token's id; a byte's is one more than the byte. */
  static final int END = 0;

  static final int SIZE = 1 + 256;

  private static final String END_TOKEN = "<|endoftext|>";
  private static final JsonMapper JSON = new JsonMapper();

  private ByteLevelFiles() {}

  static void write(Path folder, int maxLength) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding").putNull("normalizer");
    root.putArray("added_tokens").add(WordPieceFiles.special(END_TOKEN, END));
    for (String part : new String[] {"pre_tokenizer", "post_processor", "decoder"}) {
      root.putObject(part)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", false)
          .put("use_regex", true);
    }
    ObjectNode model = root.putObject("model");
    model
        .put("type", "BPE")
        .putNull("dropout")
        .putNull("unk_token")
        .putNull("continuing_subword_prefix")
        .putNull("end_of_word_suffix")
        .put("fuse_unk", false)
        .put("byte_fallback", false);
    ObjectNode ids = model.putObject("vocab").put(END_TOKEN, END);
    int shifted = 256;
    for (int value = 0; value < 256; value++) {
      ids.put(Character.toString(visible(value) ? value : shifted++), value + 1);
    }
    model.putArray("merges");
    FreshCheckpoint.write(folder.resolve("tokenizer.json"), root);
    FreshCheckpoint.write(
        folder.resolve("tokenizer_config.json"),
        JSON.createObjectNode()
            .put("tokenizer_class", "PreTrainedTokenizerFast")
            .put("model_max_length", maxLength)
            .put("bos_token", END_TOKEN)
            .put("eos_token", END_TOKEN)
            .put("pad_token", END_TOKEN));
  }

  /** Bytes that GPT-2's alphabet writes as the character of the same number. */
  private static boolean visible(int value) {
    return value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xFF && value != 0xAD;
  }
}
