package io.slipway.modelfiles.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Repositories without a tokenizer.json, against what the reference makes of them
 * (src/test/python/make_tokenizer_goldens.py).
 */
class ReferenceTokenizerTests {

  private static final Path CASES = Path.of("src/test/resources/tokenizers");
  private static final JsonMapper JSON = new JsonMapper();

  static List<Path> cases() throws IOException {
    try (Stream<Path> cases = Files.list(CASES)) {
      return cases.sorted().toList();
    }
  }

  private static JsonNode golden(Path directory) throws IOException {
    return JSON.readTree(Files.readAllBytes(directory.resolve("golden.json")));
  }

  private static long[] longs(JsonNode array) {
    return IntStream.range(0, array.size()).mapToLong(i -> array.get(i).asLong()).toArray();
  }

  /** Null counts as -1, as for special tokens. */
  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size())
        .map(i -> array.get(i).isNull() ? -1 : array.get(i).asInt())
        .toArray();
  }

  private static int[] offsets(JsonNode array, int side) {
    return IntStream.range(0, array.size())
        .map(i -> array.get(i).isNull() ? -1 : array.get(i).get(side).asInt())
        .toArray();
  }

  private static void assertSame(String what, TokenizedText text, JsonNode expected) {
    assertThat(text.ids()).as("ids of %s", what).isEqualTo(longs(expected.get("ids")));
    if (!expected.has("offsets")) {
      return;
    }
    if (expected.has("types")) {
      assertThat(text.typeIds()).as("types of %s", what).isEqualTo(longs(expected.get("types")));
    }
    assertThat(text.sequences())
        .as("sequences of %s", what)
        .isEqualTo(ints(expected.get("sequences")));
    assertThat(text.words()).as("words of %s", what).isEqualTo(ints(expected.get("words")));
    JsonNode offsets = expected.get("offsets");
    assertThat(text.starts()).as("starts of %s", what).isEqualTo(offsets(offsets, 0));
    assertThat(text.ends()).as("ends of %s", what).isEqualTo(offsets(offsets, 1));
  }

  private static void assertSame(String what, List<TokenizedText> texts, JsonNode expected) {
    assertThat(texts).as(what).hasSize(expected.size());
    for (int i = 0; i < texts.size(); i++) {
      assertSame(what + " " + i, texts.get(i), expected.get(i));
    }
  }

  /** The texts of a window are of the types that they have in the whole pair. */
  private static void assertTypes(TokenizedText window, TokenizedText pair) {
    for (int i = 0; i < window.length(); i++) {
      int sequence = window.sequences()[i];
      if (sequence >= 0) {
        int first = 0;
        while (pair.sequences()[first] != sequence) {
          first++;
        }
        assertThat(window.typeIds()[i]).isEqualTo(pair.typeIds()[first]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void encodesAndDecodesAsTheReference(Path directory) throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.open(directory, 100_000)) {
      for (JsonNode expected : golden(directory).get("texts")) {
        String text = expected.get("text").asString();
        TokenizedText encoded =
            tokenizer.encode(text, true, Integer.MAX_VALUE, TruncationSide.RIGHT);
        assertSame(text, encoded, expected);
        assertThat(tokenizer.encode(text, false).ids())
            .as("bare ids of %s", text)
            .isEqualTo(longs(expected.get("bare")));
        assertThat(tokenizer.decode(encoded.ids()))
            .as(text)
            .isEqualTo(expected.get("decoded").asString());
        assertThat(tokenizer.decode(encoded.ids(), false))
            .as(text)
            .isEqualTo(expected.get("decoded_all").asString());
        if (expected.has("target")) {
          assertThat(tokenizer.encodeTarget(text).ids())
              .as("target ids of %s", text)
              .isEqualTo(longs(expected.get("target")));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void knowsTheVocabularyAndItsSpecialTokens(Path directory) throws IOException {
    JsonNode golden = golden(directory);
    try (TextTokenizer tokenizer = TextTokenizer.open(directory, 512)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(golden.get("vocabulary_size").asInt());
      golden
          .get("special_tokens")
          .forEachEntry(
              (role, id) -> assertThat(tokenizer.specialToken(role)).as(role).hasValue(id.asInt()));
      long[] special =
          IntStream.range(0, 1000).filter(tokenizer::isSpecial).mapToLong(i -> i).toArray();
      assertThat(special).isEqualTo(longs(golden.get("special_ids")));
      for (long id : special) {
        assertThat(tokenizer.id(tokenizer.token(id).orElseThrow())).hasValue(id);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void cutsPairsAndWindowsAsTheReference(Path directory) throws IOException {
    JsonNode golden = golden(directory);
    if (!golden.has("pair")) {
      return;
    }
    String question = "what was late?";
    String context =
        "The parcel was late, the café closed and 世界 the quick brown fox 😀 jumps over the lazy dog again and"
            + " again.";
    try (TextTokenizer tokenizer = TextTokenizer.open(directory, 512)) {
      assertSame("pair", tokenizer.encodePair(question, context), golden.get("pair"));
      List<String> words = new ArrayList<>();
      golden.get("words").get("given").forEach(word -> words.add(word.asString()));
      assertSame("words", tokenizer.encodeWords(words), golden.get("words"));
      assertSame(
          "question windows",
          tokenizer.encodeWindows(question, context, 32, 6),
          golden.get("question_windows"));
      assertSame("windows", tokenizer.encodeWindows(context, 16, 5), golden.get("windows"));
      assertTypes(
          tokenizer.encodeWindows(question, context, 32, 6).getLast(),
          tokenizer.encodePair(question, context));
      assertThat(tokenizer.encode(context, true, 16, TruncationSide.LEFT).ids())
          .isEqualTo(longs(golden.get("left")));
    }
    int[] limits = {40, 20, 9, 20};
    for (int i = 0; i < limits.length; i++) {
      try (TextTokenizer tokenizer = TextTokenizer.open(directory, limits[i])) {
        assertThat(
                i < 3
                    ? tokenizer.encodePair(question, context).ids()
                    : tokenizer.encodePair(context, question).ids())
            .isEqualTo(longs(golden.get("pairs_cut").get(i)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void streamsWhatItDecodes(Path directory) throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.open(directory, 100_000)) {
      for (JsonNode expected : golden(directory).get("texts")) {
        long[] ids = longs(expected.get("ids"));
        for (boolean skip : new boolean[] {true, false}) {
          assertThat(streamed(tokenizer.stream(skip), ids))
              .isEqualTo(expected.get(skip ? "decoded" : "decoded_all").asString());
        }
        long[] before = Arrays.copyOf(ids, ids.length / 2);
        String shown = tokenizer.decode(before);
        String all = tokenizer.decode(ids);
        if (all.startsWith(shown) && shown.endsWith("o")) {
          assertThat(
                  shown
                      + streamed(
                          tokenizer.stream(before, true),
                          Arrays.copyOfRange(ids, before.length, ids.length)))
              .isEqualTo(all);
        }
      }
    }
  }

  private static String streamed(StreamingText stream, long[] ids) {
    StringBuilder text = new StringBuilder();
    for (long id : ids) {
      String part = stream.add(id);
      assertThat(part).doesNotEndWith("\uD83D");
      text.append(part);
    }
    return text.append(stream.finish()).toString();
  }
}
