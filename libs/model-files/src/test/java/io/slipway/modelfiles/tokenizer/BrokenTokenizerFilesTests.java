package io.slipway.modelfiles.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokenizer files that are not what their names promise. */
class BrokenTokenizerFilesTests {

  private static final Path CASES = Path.of("src/test/resources/tokenizers");

  @TempDir Path temp;

  private Path copy(String name) throws IOException {
    try (Stream<Path> files = Files.list(CASES.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, temp.resolve(file.getFileName()));
      }
    }
    return temp;
  }

  private static ThrowingCallable opening(Path directory) {
    return () -> TextTokenizer.open(directory, 64).close();
  }

  private static void assertRefused(Path directory, Reason reason, String... message) {
    assertThatThrownBy(opening(directory))
        .isInstanceOfSatisfying(
            ModelFilesException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContainingAll(message);
  }

  private static boolean opens(Path directory) throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.open(directory, 64)) {
      var unused = tokenizer.decode(tokenizer.encode("hello wörld 世界").ids());
      return true;
    } catch (ModelFilesException e) {
      assertThat(e.reason()).isIn(Reason.MALFORMED_TOKENIZER, Reason.UNSUPPORTED_CONFIG);
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "t5, spiece.model",
    "xlm-roberta, sentencepiece.bpe.model",
    "llama, tokenizer.model",
    "deberta-v2, spm.model",
    "marian, source.spm"
  })
  void aSentencePieceModelThatIsCutShortOrDamagedIsRefusedOrHarmless(String name, String file)
      throws IOException {
    Path model = copy(name).resolve(file);
    byte[] whole = Files.readAllBytes(model);
    int refused = 0;
    for (int i = 0; i < 40; i++) {
      Files.write(model, Arrays.copyOf(whole, whole.length * i / 40));
      refused += opens(temp) ? 0 : 1;
    }
    assertThat(refused).as("of 40 lengths").isGreaterThan(20);
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      byte[] damaged = whole.clone();
      for (int j = 0; j < 1 + i % 4; j++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(model, damaged);
      var unused = opens(temp);
    }
  }

  @Test
  void aSentencePieceModelThatIsSomethingElseIsNamed() throws IOException {
    Files.writeString(copy("t5").resolve("spiece.model"), "version https://git-lfs.github.com/");
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, "spiece.model", "no SentencePiece model");
  }

  @Test
  void aPieceOfAbsurdLengthIsRefused() throws IOException {
    Path model = copy("llama").resolve("tokenizer.model");
    byte[] before = Files.readAllBytes(model);
    byte[] piece = "x".repeat(5000).getBytes(StandardCharsets.UTF_8);
    byte[] longer = new byte[6 + piece.length + before.length];
    // Field 1 of 5003 bytes: a piece, whose field 1 of 5000 bytes is its text.
    byte[] head = {0x0a, (byte) 0x8b, 0x27, 0x0a, (byte) 0x88, 0x27};
    System.arraycopy(head, 0, longer, 0, head.length);
    System.arraycopy(piece, 0, longer, head.length, piece.length);
    System.arraycopy(before, 0, longer, head.length + piece.length, before.length);
    Files.write(model, longer);
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, "piece 0 has 5000 characters");
  }

  @Test
  void aVocabularyWithoutItsUnknownTokenIsRefused() throws IOException {
    Files.writeString(copy("bert").resolve("vocab.txt"), "[PAD]\n[CLS]\n[SEP]\n[MASK]\nhello\n");
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, "vocab.txt", "[UNK]");
  }

  @Test
  void aVocabularyInAnotherEncodingIsRefused() throws IOException {
    Files.write(copy("bert").resolve("vocab.txt"), new byte[] {'[', (byte) 0xff, (byte) 0xfe});
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, "vocab.txt is not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[1, 2]; not a JSON object",
        "{\"a\": 0; not valid JSON",
        "{\"a\": \"b\"}; \"a\"",
        "{\"a\": -1}; -1",
        "{\"a\": 99999999999}; 99999999999"
      })
  void aVocabularyThatIsNoTableOfIdsIsRefused(String json, String named) throws IOException {
    Files.writeString(copy("gpt2").resolve("vocab.json"), json);
    Files.writeString(temp.resolve("merges.txt"), "#version: 0.2\n");
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, "vocab.json", named);
  }

  @ParameterizedTest
  @CsvSource({"h e l, h e l", "zzz qqq, zzz qqq", "alone, alone"})
  void mergesOfWhatTheVocabularyLacksAreRefused(String merge, String named) throws IOException {
    Path merges = copy("gpt2").resolve("merges.txt");
    Files.writeString(merges, Files.readString(merges) + merge + "\n");
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, "merges.txt", named, "in line ");
  }

  @Test
  void mergesThatAreListedTwiceCountOnce() throws IOException {
    String text = "hello world, the quick brown fox";
    long[] expected;
    try (TextTokenizer tokenizer = TextTokenizer.open(CASES.resolve("gpt2"), 64)) {
      expected = tokenizer.encode(text).ids();
    }
    Path merges = copy("gpt2").resolve("merges.txt");
    String twice = Files.readString(merges).replaceAll("(?m)^([^#\n].*)$", "$1\n$1");
    Files.writeString(merges, twice);
    try (TextTokenizer tokenizer = TextTokenizer.open(temp, 64)) {
      assertThat(tokenizer.encode(text).ids()).isEqualTo(expected);
    }
  }

  @Test
  void filesBeyondAllTokenizersAreNotRead() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(copy("bert").resolve("vocab.txt").toFile(), "rw")) {
      file.setLength(1L << 29);
    }
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, "vocab.txt has 536870912 bytes");
  }

  @Test
  void aClassThatNeedsItsOwnTokenizerJsonIsNamed() throws IOException {
    Files.writeString(
        copy("bert").resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"BertJapaneseTokenizer\"}");
    assertRefused(temp, Reason.UNSUPPORTED_CONFIG, "BertJapaneseTokenizer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"extra_ids\": 2000000000}; extra_ids is 2000000000",
        "{\"extra_ids\": -3}; extra_ids is -3",
        "{\"model_max_length\": 0}; model_max_length is 0",
        "{\"truncation_side\": \"middle\"}; truncation_side is \"middle\"",
        "{\"clean_up_tokenization_spaces\": \"yes\"}; clean_up_tokenization_spaces is \"yes\"",
        "{\"eos_token\": null}; eos_token",
        "{\"added_tokens_decoder\": {\"x\": {\"content\": \"a\"}}}; \"x\""
      })
  void settingsOfTheWrongKindAreRefused(String json, String named) throws IOException {
    Files.writeString(copy("t5").resolve("tokenizer_config.json"), json);
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, named);
  }

  @Test
  void marianNeedsUnigramModelsAndAnEnd() throws IOException {
    copy("marian");
    Files.copy(
        CASES.resolve("llama/tokenizer.model"),
        temp.resolve("source.spm"),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefused(temp, Reason.UNSUPPORTED_CONFIG, "source.spm", "unigram");
  }

  @Test
  void marianRefusesIdsThatAreNone() throws IOException {
    Files.writeString(copy("marian").resolve("vocab.json"), "{\"</s>\": 0, \"<unk>\": 1.5}");
    assertRefused(temp, Reason.MALFORMED_TOKENIZER, "vocab.json", "<unk>", "1.5");
  }
}
