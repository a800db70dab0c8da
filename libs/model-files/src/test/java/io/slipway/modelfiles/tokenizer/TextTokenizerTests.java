package io.slipway.modelfiles.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTokenizerTests {

  private static final Path FILES = Path.of("src/test/resources/tokenizer");

  @TempDir Path temp;

  private static TextTokenizer open(int maxLength) throws IOException {
    return TextTokenizer.open(FILES, maxLength);
  }

  @Test
  void framesATextWithItsSpecialTokens() throws IOException {
    try (TextTokenizer tokenizer = open(512)) {
      TokenizedText text = tokenizer.encode("Hello, parcel!");
      assertThat(text.ids()).startsWith(2).endsWith(3).hasSize(6);
      assertThat(text.typeIds()).containsOnly(0);
      assertThat(text.specialMask()).containsExactly(1, 0, 0, 0, 0, 1);
      assertThat(text.truncated()).isFalse();
      assertThat(tokenizer.decode(text.ids())).isEqualTo("hello, parcel!");
      assertThat(tokenizer.specialToken("pad")).hasValue(0);
      assertThat(tokenizer.specialToken("cls")).hasValue(2);
      assertThat(tokenizer.specialToken("bos")).isEmpty();
    }
  }

  @Test
  void countsOffsetsInCharacters() throws IOException {
    try (TextTokenizer tokenizer = open(512)) {
      TokenizedText text = tokenizer.encode("\uD83D\uDE00 hello");
      int last = text.length() - 2;
      assertThat(text.starts()[last]).isEqualTo(2);
      assertThat(text.ends()[last]).isEqualTo(7);
      assertThat(text.starts()[0]).isEqualTo(-1);
    }
  }

  @Test
  void marksThePartsOfAPair() throws IOException {
    try (TextTokenizer tokenizer = open(512)) {
      assertThat(tokenizer.encodePair("hello", "my card").typeIds())
          .containsExactly(0, 0, 0, 1, 1, 1);
    }
  }

  @Test
  void cutsAtTheSmallerLimit() throws IOException {
    String text = "hello ".repeat(100);
    try (TextTokenizer own = open(512);
        TextTokenizer given = open(8)) {
      assertThat(own.maxLength()).isEqualTo(40);
      assertThat(own.encode(text).length()).isEqualTo(40);
      assertThat(own.encode(text).truncated()).isTrue();
      assertThat(given.encode(text).ids()).hasSize(8).startsWith(2).endsWith(3);
    }
  }

  @Test
  void leavesPaddingToItsCallerWhateverTheFileSays() throws IOException {
    String json = Files.readString(FILES.resolve("tokenizer.json"));
    Files.writeString(
        temp.resolve("tokenizer.json"),
        json.replaceFirst(
            "\"padding\": *null",
            "\"padding\": {\"strategy\": {\"Fixed\": 30}, \"direction\": \"Right\", \"pad_to_multiple_of\": null,"
                + " \"pad_id\": 0, \"pad_type_id\": 0, \"pad_token\": \"[PAD]\"}"));
    try (TextTokenizer tokenizer = TextTokenizer.open(temp, 512)) {
      assertThat(tokenizer.encode("hello").length()).isEqualTo(3);
      assertThat(tokenizer.maxLength()).isEqualTo(512);
    }
  }

  @Test
  void takesAnAstronomicLimitForNone() throws IOException {
    Files.copy(FILES.resolve("tokenizer.json"), temp.resolve("tokenizer.json"));
    Files.writeString(
        temp.resolve("tokenizer_config.json"),
        "{\"model_max_length\": 1000000000000000019884624838656}");
    try (TextTokenizer tokenizer = TextTokenizer.open(temp, 100)) {
      assertThat(tokenizer.maxLength()).isEqualTo(100);
    }
  }

  @Test
  void refusesFilesThatAreMissingOrMalformed() throws IOException {
    assertThatThrownBy(() -> TextTokenizer.open(temp, 10))
        .isInstanceOfSatisfying(
            ModelFilesException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_FILE));
    Files.writeString(temp.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Quantum\"}}");
    assertThatThrownBy(() -> TextTokenizer.open(temp, 10))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED_TOKENIZER));
  }

  @Test
  void joinsTokensThatAreSpelledOut() throws IOException {
    try (TextTokenizer tokenizer = open(512)) {
      assertThat(tokenizer.continuingSubwordPrefix()).isEqualTo("##");
      assertThat(tokenizer.join(List.of("par", "##cel", "Zürich", "par", ".")))
          .isEqualTo("parcel Zürich par.");
      assertThat(tokenizer.join(List.of())).isEmpty();
    }
    try (TextTokenizer tokenizer =
        TextTokenizer.open(Path.of("src/test/resources/tokenizers/xlm-roberta"), 512)) {
      assertThat(tokenizer.continuingSubwordPrefix()).isEmpty();
      assertThat(tokenizer.join(List.of("▁New", "▁Yor", "k", "世"))).isEqualTo("New York世");
    }
  }

  @Test
  void failsPlainlyOnceItIsClosed() throws IOException {
    TextTokenizer tokenizer = open(10);
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("hello")).hasMessage("the tokenizer is closed");
  }
}
