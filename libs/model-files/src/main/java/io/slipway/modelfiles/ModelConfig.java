package io.slipway.modelfiles;

import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's config.json, read field by field: a field that is missing or of a wrong type is an
 * error that names it, a field that is {@code null} counts as absent.
 */
public final class ModelConfig {

  /** Name of the file in a checkpoint. */
  public static final String FILE = "config.json";

  private static final long MAX_BYTES = 16L << 20;
  private static final int MAX_LABELS = 1_000_000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private static final String PREFIX = "prefix";
  private static final String TASK_PARAMETERS = "task_specific_params";

  private final String source;
  private final ObjectNode root;

  private ModelConfig(String source, ObjectNode root) {
    this.source = source;
    this.root = root;
  }

  /** Reads a config.json. */
  public static ModelConfig read(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelFilesException(
            Reason.MALFORMED_CONFIG,
            "%s has %d bytes, the limit is %d"
                .formatted(file.getFileName(), Files.size(file), MAX_BYTES));
      }
      return parse(file.getFileName().toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new ModelFilesException(
          Reason.MISSING_FILE, "the checkpoint has no " + file.getFileName(), e);
    } catch (CharacterCodingException e) {
      throw new ModelFilesException(
          Reason.MALFORMED_CONFIG, file.getFileName() + " is not UTF-8", e);
    }
  }

  /**
   * Reads a configuration from text.
   *
   * @param source what error messages call it
   */
  public static ModelConfig parse(String source, String json) {
    try {
      if (JSON.readTree(json) instanceof ObjectNode object) {
        return new ModelConfig(source, object);
      }
      throw new ModelFilesException(Reason.MALFORMED_CONFIG, source + " is not a JSON object");
    } catch (JacksonException e) {
      throw new ModelFilesException(
          Reason.MALFORMED_CONFIG, source + " is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  public String requireString(String field) {
    return string(field).orElseThrow(() -> missing(field));
  }

  public Optional<String> string(String field) {
    return node(field)
        .map(
            node -> {
              if (!node.isString()) {
                throw wrong(field, node, "a string");
              }
              return node.asString();
            });
  }

  public int requireInt(String field) {
    return integer(field).orElseThrow(() -> missing(field));
  }

  public int intOr(String field, int absent) {
    return integer(field).orElse(absent);
  }

  public Optional<Integer> integer(String field) {
    return node(field)
        .map(
            node -> {
              if (!node.isIntegralNumber() || !node.canConvertToInt()) {
                throw wrong(field, node, "an integer");
              }
              return node.asInt();
            });
  }

  /** A whole number that may need 64 bits. */
  public Optional<Long> longInteger(String field) {
    return node(field)
        .map(
            node -> {
              if (!node.isIntegralNumber() || !node.canConvertToLong()) {
                throw wrong(field, node, "an integer");
              }
              return node.asLong();
            });
  }

  /** Like {@link #requireInt}, and refuses values below one. */
  public int requirePositiveInt(String field) {
    int value = requireInt(field);
    if (value < 1) {
      throw malformed(field, "is " + value + ", expected a positive integer");
    }
    return value;
  }

  public double doubleOr(String field, double absent) {
    return decimal(field).orElse(absent);
  }

  public Optional<Double> decimal(String field) {
    return node(field)
        .map(
            node -> {
              if (!node.isNumber()) {
                throw wrong(field, node, "a number");
              }
              return node.asDouble();
            });
  }

  /**
   * A probability of dropping something out: at least 0, less than 1.
   *
   * @throws ModelFilesException when it is not in that range
   */
  public double probabilityOr(String field, double absent) {
    double value = doubleOr(field, absent);
    if (!(value >= 0 && value < 1)) {
      throw malformed(field, "is " + value + ", expected at least 0 and less than 1");
    }
    return value;
  }

  /** A nested object, whose fields are read in the same way. */
  public Optional<ModelConfig> object(String field) {
    return node(field)
        .map(
            node -> {
              if (node instanceof ObjectNode object) {
                return new ModelConfig(source + ": " + field, object);
              }
              throw wrong(field, node, "an object");
            });
  }

  /** An array of integers. */
  public Optional<List<Integer>> integers(String field) {
    return elements(field, "an array of integers", JsonNode::canConvertToInt, JsonNode::asInt);
  }

  /** An array of numbers. */
  public Optional<List<Double>> decimals(String field) {
    return elements(field, "an array of numbers", JsonNode::isNumber, JsonNode::asDouble);
  }

  /** An array of strings. */
  public Optional<List<String>> strings(String field) {
    return elements(field, "an array of strings", JsonNode::isString, JsonNode::asString);
  }

  /** An array of integers, or a single one in place of it. */
  public Optional<List<Integer>> oneOrMoreIntegers(String field) {
    return node(field).filter(JsonNode::isNumber).isPresent()
        ? integer(field).map(List::of)
        : integers(field);
  }

  /** An array of strings, or a single one in place of it. */
  public Optional<List<String>> oneOrMoreStrings(String field) {
    return isString(field) ? string(field).map(List::of) : strings(field);
  }

  /** An array of arrays of integers. */
  public Optional<List<List<Integer>>> integerLists(String field) {
    return elements(
        field,
        "an array of arrays of integers",
        list -> list.isArray() && list.valueStream().allMatch(JsonNode::canConvertToInt),
        list -> list.valueStream().map(JsonNode::asInt).toList());
  }

  private <T> Optional<List<T>> elements(
      String field, String expected, Predicate<JsonNode> valid, Function<JsonNode, T> value) {
    return node(field)
        .map(
            node -> {
              if (!node.isArray() || !node.valueStream().allMatch(valid)) {
                throw wrong(field, node, expected);
              }
              return node.valueStream().map(value).toList();
            });
  }

  public boolean booleanOr(String field, boolean absent) {
    return flag(field).orElse(absent);
  }

  public Optional<Boolean> flag(String field) {
    return node(field)
        .map(
            node -> {
              if (!node.isBoolean()) {
                throw wrong(field, node, "true or false");
              }
              return node.asBoolean();
            });
  }

  /** Whether a field is a string; it may be something else, or absent. */
  public boolean isString(String field) {
    return node(field).filter(JsonNode::isString).isPresent();
  }

  public boolean has(String field) {
    return node(field).isPresent();
  }

  /** Whether the field is there, be it {@code null}. */
  public boolean mentions(String field) {
    return root.has(field);
  }

  /** Names of all fields, those that are {@code null} included. */
  public Stream<String> fields() {
    return root.propertyStream().map(Map.Entry::getKey);
  }

  /** Whether there is no field at all. */
  public boolean isEmpty() {
    return root.isEmpty();
  }

  /** The family of the architecture, such as {@code bert}. */
  public String modelType() {
    return requireString("model_type");
  }

  /** The classes of the reference that the checkpoint was saved from; usually one, never empty. */
  public List<String> architectures() {
    JsonNode node = node("architectures").orElseThrow(() -> missing("architectures"));
    List<String> names = new ArrayList<>();
    for (JsonNode name : node) {
      if (!name.isString()) {
        throw wrong("architectures", node, "an array of strings");
      }
      names.add(name.asString());
    }
    if (!node.isArray() || names.isEmpty()) {
      throw wrong("architectures", node, "an array of at least one string");
    }
    return List.copyOf(names);
  }

  /**
   * Labels by index, as the classification head puts them out: {@code id2label}, which has to name
   * every index once, or LABEL_0, LABEL_1 and so on when there are only {@code num_labels}. A
   * configuration with neither has two.
   */
  public List<String> labels() {
    Optional<Integer> count = integer("num_labels");
    Optional<JsonNode> id2label = node("id2label");
    if (id2label.isEmpty()) {
      int labels = count.orElse(2);
      if (labels < 1 || labels > MAX_LABELS) {
        throw malformed("num_labels", "is %d, expected 1 to %d".formatted(labels, MAX_LABELS));
      }
      return IntStream.range(0, labels).mapToObj(i -> "LABEL_" + i).toList();
    }
    List<String> labels = labels(id2label.get());
    if (count.isPresent() && count.get() != labels.size()) {
      throw malformed(
          "num_labels", "is %d, but id2label has %d entries".formatted(count.get(), labels.size()));
    }
    return labels;
  }

  private List<String> labels(JsonNode id2label) {
    if (!id2label.isObject() || id2label.isEmpty()) {
      throw wrong("id2label", id2label, "an object of at least one label by index");
    }
    String[] labels = new String[id2label.size()];
    for (int i = 0; i < labels.length; i++) {
      JsonNode label = id2label.get(Integer.toString(i));
      if (label == null || !label.isValueNode() || label.isNull()) {
        throw malformed(
            "id2label", "has %d entries but no label for index %d".formatted(labels.length, i));
      }
      labels[i] = label.asString();
    }
    return List.of(labels);
  }

  /**
   * What the configuration says about its problem; empty when it leaves that to the number of
   * labels.
   */
  public Optional<ProblemType> problemType() {
    return string("problem_type")
        .map(
            name ->
                Arrays.stream(ProblemType.values())
                    .filter(type -> type.configName().equals(name))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            malformed(
                                "problem_type",
                                "is \""
                                    + name
                                    + "\", expected single_label_classification, multi_label_classification or"
                                    + " regression")));
  }

  /** The type that the weights were saved in, such as {@code float32} or {@code bfloat16}. */
  public Optional<String> weightType() {
    return string("dtype").or(() -> string("torch_dtype"));
  }

  /** This configuration for a model of a class whose weights are saved in single precision. */
  public ModelConfig trained(String architecture) {
    ObjectNode copy = root.deepCopy();
    copy.putArray("architectures").add(architecture);
    copy.remove("torch_dtype");
    copy.put("dtype", "float32");
    return new ModelConfig(source, copy);
  }

  /** This configuration with other labels. */
  public ModelConfig labelled(List<String> labels) {
    ObjectNode copy = root.deepCopy();
    copy.remove("num_labels");
    ObjectNode id2label = copy.putObject("id2label");
    ObjectNode label2id = copy.putObject("label2id");
    for (int i = 0; i < labels.size(); i++) {
      id2label.put(Integer.toString(i), labels.get(i));
      label2id.put(labels.get(i), i);
    }
    return new ModelConfig(source, copy);
  }

  /** This configuration with another problem type. */
  public ModelConfig problem(ProblemType problemType) {
    ObjectNode copy = root.deepCopy();
    copy.put("problem_type", problemType.configName());
    return new ModelConfig(source, copy);
  }

  /** This configuration with another text to put before each source, whatever the task. */
  public ModelConfig prefixed(String prefix) {
    ObjectNode copy = root.deepCopy();
    copy.remove(PREFIX);
    copy.path(TASK_PARAMETERS)
        .valueStream()
        .forEach(
            task -> {
              if (task instanceof ObjectNode parameters) {
                parameters.remove(PREFIX);
              }
            });
    if (!prefix.isEmpty()) {
      copy.put(PREFIX, prefix);
    }
    return new ModelConfig(source, copy);
  }

  /** The text to put before each source for a task; empty for none. */
  public String prefix(String task) {
    return object(TASK_PARAMETERS)
        .flatMap(tasks -> tasks.object(task))
        .flatMap(parameters -> parameters.string(PREFIX))
        .or(() -> string(PREFIX))
        .orElse("");
  }

  /** This configuration as JSON text. */
  public String toJson() {
    return JSON.writeValueAsString(root) + "\n";
  }

  /** An error about a field, for readers of architecture-specific fields. */
  public ModelFilesException malformed(String field, String problem) {
    return new ModelFilesException(
        Reason.MALFORMED_CONFIG, "%s: %s %s".formatted(source, field, problem));
  }

  /** An error about a field that is valid but asks for something that is not implemented. */
  public ModelFilesException unsupported(String field, String value, String supported) {
    return new ModelFilesException(
        Reason.UNSUPPORTED_CONFIG,
        "%s: %s is %s, which is not supported; supported: %s"
            .formatted(source, field, value, supported));
  }

  /** A field as it stands in the file; empty when it is absent or {@code null}. */
  public Optional<JsonNode> node(String field) {
    return Optional.ofNullable(root.get(field)).filter(node -> !node.isNull());
  }

  private ModelFilesException missing(String field) {
    return new ModelFilesException(
        Reason.MALFORMED_CONFIG,
        "%s has no field \"%s\", which is required".formatted(source, field));
  }

  /** An error about a field whose value is of another type or shape than expected. */
  public ModelFilesException wrong(String field, JsonNode node, String expected) {
    String value = node.toString();
    return malformed(
        field,
        "is %s, expected %s"
            .formatted(value.length() > 200 ? value.substring(0, 200) + "..." : value, expected));
  }
}
