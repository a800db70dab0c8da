package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The files of a repository that make its tokenizer. */
public final class TokenizerFiles {

  static final String CONFIG = "tokenizer_config.json";
  static final String SPECIAL_TOKENS = "special_tokens_map.json";
  static final String ADDED_TOKENS = "added_tokens.json";
  static final String WORD_PIECES = "vocab.txt";
  static final String VOCABULARY = "vocab.json";
  static final String MERGES = "merges.txt";
  static final String SOURCE = "source.spm";
  static final String TARGET = "target.spm";
  static final String TARGET_VOCABULARY = "target_vocab.json";

  /** Models of SentencePiece, each under the name that some family of tokenizers gives it. */
  static final List<String> SENTENCE_PIECES =
      List.of("spiece.model", "sentencepiece.bpe.model", "spm.model", "tokenizer.model");

  private static final List<List<String>> COMPLETE =
      List.of(
          List.of(TokenizerJson.FILE),
          List.of(WORD_PIECES),
          List.of(VOCABULARY, MERGES),
          List.of(SENTENCE_PIECES.get(0)),
          List.of(SENTENCE_PIECES.get(1)),
          List.of(SENTENCE_PIECES.get(2)),
          List.of(SENTENCE_PIECES.get(3)),
          List.of(SOURCE, TARGET, VOCABULARY));

  private static final List<String> NAMES =
      List.of(
          TokenizerJson.FILE,
          CONFIG,
          SPECIAL_TOKENS,
          ADDED_TOKENS,
          WORD_PIECES,
          VOCABULARY,
          MERGES,
          SENTENCE_PIECES.get(0),
          SENTENCE_PIECES.get(1),
          SENTENCE_PIECES.get(2),
          SENTENCE_PIECES.get(3),
          SOURCE,
          TARGET,
          TARGET_VOCABULARY);

  private static final long MAX_BYTES = 256L << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private TokenizerFiles() {}

  /** Names of all files that can belong to a tokenizer: those to copy with a checkpoint. */
  public static List<String> names() {
    return NAMES;
  }

  /** Why files of these names make no tokenizer; empty when they do. */
  public static Optional<ModelFilesException> problem(Collection<String> names) {
    if (COMPLETE.stream().anyMatch(names::containsAll)) {
      return Optional.empty();
    }
    return Optional.of(
        new ModelFilesException(
            Reason.MISSING_FILE,
            "there is no tokenizer: expected tokenizer.json, vocab.txt, vocab.json with merges.txt,"
                + " a SentencePiece model (%s), or source.spm and target.spm with vocab.json"
                    .formatted(String.join(", ", SENTENCE_PIECES))));
  }

  /** The SentencePiece model among files, if there is one. */
  static Optional<String> sentencePieces(Collection<String> names) {
    return SENTENCE_PIECES.stream().filter(names::contains).findFirst();
  }

  /** Names of the files in a directory. */
  static List<String> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }

  /** A whole file, unless it is larger than any tokenizer. */
  static byte[] bytes(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw malformed(file, "has %d bytes, the limit is %d".formatted(size, MAX_BYTES));
    }
    return Files.readAllBytes(file);
  }

  /** A whole UTF-8 file. */
  static String text(Path file) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(file))).toString();
    } catch (CharacterCodingException e) {
      throw malformed(file, "is not UTF-8", e);
    }
  }

  /** A JSON object; an empty one where there is no such file. */
  static ObjectNode object(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return JSON.createObjectNode();
    }
    try {
      JsonNode node = JSON.readTree(text(file));
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw malformed(file, "is not a JSON object");
    } catch (JacksonException e) {
      throw malformed(file, "is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  static ModelFilesException malformed(Path file, String problem) {
    return new ModelFilesException(Reason.MALFORMED_TOKENIZER, file.getFileName() + " " + problem);
  }

  static ModelFilesException malformed(Path file, String problem, Exception cause) {
    return new ModelFilesException(
        Reason.MALFORMED_TOKENIZER, file.getFileName() + " " + problem, cause);
  }
}
