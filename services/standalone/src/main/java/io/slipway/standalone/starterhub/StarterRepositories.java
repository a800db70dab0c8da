package io.slipway.standalone.starterhub;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The models of the starter hub: one that can do everything, and one of each kind that cannot. */
final class StarterRepositories {
  /** An empty dictionary, pickled with protocol 2. */
  private static final byte[] EMPTY_PICKLE = {(byte) 0x80, 2, '}', '.'};

  private static final String RWKV_CONFIG =
      """
      {
        "architectures": ["RwkvForCausalLM"],
        "attention_hidden_size": 64,
        "bos_token_id": 0,
        "context_length": 128,
        "dtype": "float32",
        "eos_token_id": 0,
        "hidden_size": 64,
        "model_type": "rwkv",
        "num_hidden_layers": 2,
        "vocab_size": 256
      }
      """;

  private final SupportMessages messages;
  private final StarterVocabulary vocabulary;
  private final StarterTokenizer tokenizer;
  private final long seed;

  StarterRepositories(SupportMessages messages, long seed) {
    this.messages = messages;
    this.vocabulary = StarterVocabulary.of(messages.training());
    this.tokenizer = new StarterTokenizer(vocabulary);
    this.seed = seed;
  }

  void writeTo(Path owner) throws IOException {
    Path classifier = repository(owner, "bert-tiny-uncased", ModelCard.CLASSIFIER);
    StarterBert.writeClassifier(classifier, vocabularySize(), seed);
    tokenizer.writeTo(classifier);

    Path encoder = repository(owner, "bert-tiny-encoder", ModelCard.ENCODER);
    StarterBert.writeEncoder(encoder, vocabularySize(), seed + 1);
    tokenizer.writeTo(encoder);

    Path pickled = repository(owner, "bert-tiny-pickled", ModelCard.PICKLED);
    Files.writeString(
        pickled.resolve("config.json"), StarterBert.classifierConfig(vocabularySize()));
    Files.write(pickled.resolve("pytorch_model.bin"), EMPTY_PICKLE);
    tokenizer.writeTo(pickled);

    Path unsupported = repository(owner, "rwkv-tiny", ModelCard.UNSUPPORTED);
    Files.writeString(unsupported.resolve("config.json"), RWKV_CONFIG);
    new SafetensorsWriter()
        .metadata("format", "pt")
        .tensor(
            "head.weight",
            Dtype.F32,
            List.of(16L, 16L),
            () -> MemorySegment.ofArray(new byte[16 * 16 * Float.BYTES]))
        .write(unsupported.resolve("model.safetensors"), false);
    tokenizer.writeTo(unsupported);
  }

  private int vocabularySize() {
    return vocabulary.pieces().size();
  }

  private Path repository(Path owner, String name, ModelCard card) throws IOException {
    Path repository = Files.createDirectories(owner.resolve(name));
    Files.writeString(
        repository.resolve("README.md"),
        card.text(name, vocabularySize(), messages.training().size()));
    return repository;
  }
}
