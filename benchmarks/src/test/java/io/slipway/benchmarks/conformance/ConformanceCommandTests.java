package io.slipway.benchmarks.conformance;

import static io.slipway.benchmarks.conformance.CopiedCase.CASES;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.benchmarks.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConformanceCommandTests {

  @TempDir private Path folder;

  @Test
  void everyCaseHoldsAndHasARow() {
    Execution run = run(CASES);

    assertThat(run.out()).contains("All 5 cases hold.");
    assertThat(run.out().lines())
        .anySatisfy(line -> assertThat(line).matches("bert-text-classification +ok .*"))
        .anySatisfy(line -> assertThat(line).matches("llama-text-generation +ok .*"));
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void jsonTellsTheWorstDifferenceOfEachKindThatACaseHas() {
    JsonNode root = json(run(CASES, "--json"));

    assertThat(root.path("ok").asBoolean()).isTrue();
    assertThat(kinds(root, "bert-question-answering"))
        .containsExactlyInAnyOrder("token_ids", "start_logits", "end_logits", "losses");
    assertThat(kinds(root, "llama-text-generation"))
        .containsExactlyInAnyOrder("token_ids", "logits", "greedy_ids", "losses");
    assertThat(kinds(root, "bart-summarization"))
        .containsExactlyInAnyOrder("token_ids", "logits", "greedy_ids", "beam_ids", "losses");
    assertThat(kinds(root, "vit-image-classification"))
        .containsExactlyInAnyOrder("pixel_values", "logits", "losses");
    assertThat(caseNamed(root, "llama-text-generation").path("worst").path("logits").asDouble())
        .isStrictlyBetween(0.0, 1e-4);
  }

  @ParameterizedTest
  @CsvSource({
    "bert-text-classification, inputs.input_ids.0.1,     1,     token_ids",
    "bert-text-classification, logits.data.5,            2e-4,  logits",
    "bert-text-classification, training.losses.4,        1e-3,  losses",
    "bert-question-answering,  start_logits.data.3,      2e-4,  start_logits",
    "bert-question-answering,  end_logits.data.last,     -2e-4, end_logits",
    "llama-text-generation,    logits.data.0,            2e-4,  logits",
    "llama-text-generation,    generated.0.last,         1,     greedy_ids",
    "llama-text-generation,    generated.1.0,            1,     greedy_ids",
    "bart-summarization,       generated.1.last,         1,     greedy_ids",
    "bart-summarization,       generated.0.last,         7,     greedy_ids",
    "bart-summarization,       generated_beam3.0.2,      1,     beam_ids",
    "vit-image-classification, inputs.pixel_values.data.7, 0.1, pixel_values",
    "vit-image-classification, logits.data.0,            2e-4,  logits",
  })
  void aSpoiledValueFailsItsCaseAndIsNamed(String name, String path, double by, String kind)
      throws IOException {
    CopiedCase.of(name, folder).spoil(path, by);

    Execution run = run(folder, "--json");

    JsonNode spoiled = caseNamed(json(run), name);
    assertThat(spoiled.path("ok").asBoolean()).isFalse();
    assertThat(spoiled.path("problems").toString()).contains(kind + ":");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void aCaseMayHaveOtherNumbersOfBeamsThanThree() throws IOException {
    CopiedCase one =
        CopiedCase.of("bart-summarization", folder)
            .change(golden -> golden.set("generated_beam1", golden.get("generated")));

    Execution run = run(one.folder());

    assertThat(run.out()).contains("All 1 cases hold.");
  }

  @ParameterizedTest
  @CsvSource({
    "'',       attentions",
    "'',       generated",
    "'',       last_hidden_state",
    "inputs,   position_ids",
    "training, accuracies"
  })
  void whatNobodyComparesFailsACase(String parent, String field) throws IOException {
    CopiedCase.of("bert-text-classification", folder)
        .change(
            golden ->
                (parent.isEmpty() ? golden : golden.path(parent).asObject())
                    .putArray(field)
                    .addArray()
                    .add(1));

    Execution run = run(folder);

    String path = parent.isEmpty() ? field : parent + "." + field;
    assertThat(run.out()).contains("golden.json has " + path + ", which is not compared");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void brokenCasesFailWithASentenceAndTheOthersStillRun() throws IOException {
    String name = "bert-text-classification";
    CopiedCase.of(name, folder.resolve("a")).write("golden.json", "{\"task\": ");
    CopiedCase.of(name, folder.resolve("b")).delete("model.safetensors");
    CopiedCase.of(name, folder.resolve("c")).write("model.safetensors", "short");
    CopiedCase.of(name, folder.resolve("d")).delete("config.json");
    CopiedCase.of(name, folder.resolve("e")).delete("golden.json");
    CopiedCase.of(name, folder.resolve("f")).change(golden -> golden.put("task", "telepathy"));
    CopiedCase.of(name, folder.resolve("g")).change(golden -> golden.remove("inputs"));
    CopiedCase.of(name, folder.resolve("h"))
        .write("config.json", "{\"model_type\": \"xlnet\", \"architectures\": [\"XLNetModel\"]}");
    CopiedCase.of(name, folder.resolve("i")).write("golden.json", "[]");
    CopiedCase.of(name, folder.resolve("j"))
        .change(golden -> golden.path("logits").asObject().putArray("shape").add(7));
    CopiedCase.of("vit-image-classification", folder.resolve("k")).delete("image1.png");
    CopiedCase.of(name, folder.resolve("z"));

    Execution run = run(folder, "--json");

    JsonNode root = json(run);
    assertThat(problems(root, "a/" + name)).contains("golden.json is not valid JSON");
    assertThat(problems(root, "b/" + name)).contains("model.safetensors");
    assertThat(problems(root, "c/" + name)).contains("model.safetensors");
    assertThat(problems(root, "d/" + name)).contains("has no config.json");
    assertThat(problems(root, "e/" + name)).contains("golden.json is missing");
    assertThat(problems(root, "f/" + name)).contains("telepathy");
    assertThat(problems(root, "g/" + name)).contains("inputs.input_ids");
    assertThat(problems(root, "h/" + name)).contains("xlnet");
    assertThat(problems(root, "i/" + name)).contains("expected an object");
    assertThat(problems(root, "j/" + name)).contains("shape");
    assertThat(problems(root, "k/vit-image-classification")).contains("image1.png is missing");
    assertThat(caseNamed(root, "z/" + name).path("ok").asBoolean()).isTrue();
    assertThat(root.path("cases").valueStream().filter(each -> each.path("ok").asBoolean()))
        .hasSize(1);
    assertThat(run.out()).doesNotContain("Exception");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void aFolderWithoutCasesIsRefused() throws IOException {
    Execution empty = run(folder);
    Execution missing = run(folder.resolve("nowhere"));

    assertThat(empty.exitCode()).isEqualTo(2);
    assertThat(empty.err()).contains("has no case");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("is not a folder");
  }

  @Test
  void aCaseMayBeNamedItselfAndMayBeALink() throws IOException {
    Path there = CopiedCase.of("vit-image-classification", folder.resolve("there")).folder();
    Path link = Files.createSymbolicLink(folder.resolve("linked"), there.getParent());

    assertThat(run(there).out()).contains("All 1 cases hold.");
    assertThat(run(link).out()).contains("All 1 cases hold.");
    assertThat(run(folder).out()).contains("linked/vit-image-classification", "All 2 cases hold.");
  }

  private static Execution run(Path directory, String... options) {
    String[] arguments = new String[options.length + 4];
    arguments[0] = "conformance";
    arguments[1] = directory.toString();
    arguments[2] = "--threads";
    arguments[3] = "1";
    System.arraycopy(options, 0, arguments, 4, options.length);
    return Execution.of(arguments);
  }

  private static JsonNode json(Execution run) {
    return new JsonMapper().readTree(run.out());
  }

  private static JsonNode caseNamed(JsonNode root, String name) {
    return root.path("cases")
        .valueStream()
        .filter(each -> each.path("name").asString("").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Iterable<String> kinds(JsonNode root, String name) {
    return caseNamed(root, name).path("worst").propertyNames();
  }

  private static String problems(JsonNode root, String name) {
    return caseNamed(root, name).path("problems").toString();
  }
}
