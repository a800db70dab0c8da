package io.slipway.standalone.starterhub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a BERT tokenizer over a vocabulary, as BERT's own checkpoints have them: {@code
 * vocab.txt} and {@code tokenizer_config.json}.
 */
record StarterTokenizer(StarterVocabulary vocabulary) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  void writeTo(Path repository) throws IOException {
    Files.writeString(
        repository.resolve("vocab.txt"), String.join("\n", vocabulary.pieces()) + "\n");
    Files.writeString(
        repository.resolve("tokenizer_config.json"),
        JSON.writeValueAsString(
                JSON.createObjectNode()
                    .put("tokenizer_class", "BertTokenizer")
                    .put("do_lower_case", true)
                    .put("model_max_length", StarterBert.MAX_POSITIONS)
                    .put("cls_token", "[CLS]")
                    .put("mask_token", "[MASK]")
                    .put("pad_token", "[PAD]")
                    .put("sep_token", "[SEP]")
                    .put("unk_token", "[UNK]"))
            + "\n");
  }
}
