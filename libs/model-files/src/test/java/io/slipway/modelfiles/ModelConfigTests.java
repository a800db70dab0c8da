package io.slipway.modelfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelConfigTests {

  private static ModelConfig config(String json) {
    return ModelConfig.parse("config.json", json);
  }

  private static void assertMalformed(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED_CONFIG))
        .hasMessage("config.json" + message);
  }

  @Test
  void namesAFieldThatIsMissingOrOfAWrongType() {
    ModelConfig config = config("{\"a\": \"x\", \"b\": 1.5, \"c\": null, \"d\": -2}");
    assertMalformed(() -> config.requireInt("z"), " has no field \"z\", which is required");
    assertMalformed(() -> config.requireInt("c"), " has no field \"c\", which is required");
    assertMalformed(() -> config.requireInt("a"), ": a is \"x\", expected an integer");
    assertMalformed(() -> config.requireInt("b"), ": b is 1.5, expected an integer");
    assertMalformed(() -> config.requirePositiveInt("d"), ": d is -2, expected a positive integer");
    assertMalformed(() -> config.string("b"), ": b is 1.5, expected a string");
    assertMalformed(() -> config.booleanOr("a", true), ": a is \"x\", expected true or false");
    assertMalformed(() -> config.doubleOr("a", 0), ": a is \"x\", expected a number");
    assertMalformed(
        () -> config("{\"architectures\": \"Bert\"}").architectures(),
        ": architectures is \"Bert\", expected an array of at least one string");
    assertThat(config.doubleOr("b", 0)).isEqualTo(1.5);
    assertThat(config.intOr("c", 7)).isEqualTo(7);
  }

  @Test
  void labelsFollowTheirIndices() {
    String labels =
        "{\"id2label\": {\"10\": \"k\", \"1\": \"b\", \"0\": \"a\", \"2\": \"c\", \"3\": \"d\", \"4\": \"e\","
            + " \"5\": \"f\", \"6\": \"g\", \"7\": \"h\", \"8\": \"i\", \"9\": \"j\"}}";
    assertThat(config(labels).labels())
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k");
    assertThat(config("{\"num_labels\": 3}").labels())
        .containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    assertThat(config("{}").labels()).hasSize(2);
  }

  @Test
  void refusesLabelsWithGaps() {
    assertMalformed(
        () -> config("{\"id2label\": {\"0\": \"a\", \"2\": \"c\"}}").labels(),
        ": id2label has 2 entries but no label for index 1");
    assertMalformed(
        () -> config("{\"id2label\": {\"0\": \"a\"}, \"num_labels\": 2}").labels(),
        ": num_labels is 2, but id2label has 1 entries");
    assertMalformed(
        () -> config("{\"num_labels\": 2000000000}").labels(),
        ": num_labels is 2000000000, expected 1 to 1000000");
  }

  @Test
  void refusesAProblemTypeThatItDoesNotKnow() {
    assertThat(config("{\"problem_type\": \"regression\"}").problemType())
        .contains(ProblemType.REGRESSION);
    assertThat(config("{\"problem_type\": null}").problemType()).isEmpty();
    assertThatThrownBy(() -> config("{\"problem_type\": \"guess\"}").problemType())
        .hasMessageContaining("problem_type is \"guess\"");
  }

  @Test
  void becomesTheConfigurationOfAClassifierAndKeepsTheRest() {
    ModelConfig base =
        config(
            "{\"model_type\": \"bert\", \"hidden_size\": 8, \"torch_dtype\": \"float16\", \"num_labels\": 9}");
    ModelConfig tuned =
        ModelConfig.parse(
            "config.json",
            base.trained("BertForSequenceClassification")
                .labelled(List.of("no", "yes"))
                .problem(ProblemType.SINGLE_LABEL_CLASSIFICATION)
                .toJson());
    assertThat(tuned.architectures()).containsExactly("BertForSequenceClassification");
    assertThat(tuned.labels()).containsExactly("no", "yes");
    assertThat(tuned.problemType()).contains(ProblemType.SINGLE_LABEL_CLASSIFICATION);
    assertThat(tuned.weightType()).contains("float32");
    assertThat(tuned.requireInt("hidden_size")).isEqualTo(8);
    assertThat(base.has("id2label")).isFalse();
  }

  @Test
  void readsOneIntegerInPlaceOfAnArray() {
    ModelConfig config = config("{\"one\": 3, \"two\": [4, 5], \"text\": \"6\", \"part\": 1.5}");
    assertThat(config.oneOrMoreIntegers("one")).contains(List.of(3));
    assertThat(config.oneOrMoreIntegers("two")).contains(List.of(4, 5));
    assertThat(config.oneOrMoreIntegers("none")).isEmpty();
    assertThatThrownBy(() -> config.oneOrMoreIntegers("text"))
        .hasMessageContaining("text is \"6\"");
    assertThatThrownBy(() -> config.oneOrMoreIntegers("part")).hasMessageContaining("part is 1.5");
  }

  @Test
  void tellsStringsAndEmptyObjects() {
    ModelConfig config = config("{\"text\": \"a|b\", \"array\": [\"a\"], \"none\": {}}");
    assertThat(config.isString("text")).isTrue();
    assertThat(config.isString("array")).isFalse();
    assertThat(config.isString("absent")).isFalse();
    assertThat(config.object("none")).get().returns(true, ModelConfig::isEmpty);
    assertThat(config.isEmpty()).isFalse();
  }

  @Test
  void refusesTextThatIsNotJsonOrNotUtf8(@TempDir Path temp) throws Exception {
    assertThatThrownBy(() -> config("{\"a\": 1, \"a\": 2}")).hasMessageContaining("not valid JSON");
    assertThatThrownBy(() -> config("{\"a\": ")).hasMessageContaining("not valid JSON");
    Path file = Files.write(temp.resolve("config.json"), new byte[] {'{', (byte) 0xff, '}'});
    assertThatThrownBy(() -> ModelConfig.read(file)).hasMessageContaining("not UTF-8");
  }
}
