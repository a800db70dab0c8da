package io.slipway.benchmarks.conformance;

import io.slipway.modelfiles.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the reference computed with a checkpoint: {@code golden.json} beside its files.
 *
 * <p>{@code task} is the Hub's name. {@code inputs} are {@code texts} (or pairs of them), {@code
 * input_ids} and {@code attention_mask}, for encoder-decoders {@code decoder_input_ids}; for images
 * {@code pixel_values}, made of {@code image0.png} and so on. {@code logits}, {@code start_logits},
 * {@code end_logits} and {@code last_hidden_state} are {@code {shape, data}}, row-major. {@code
 * generated} holds the ids of a greedy search, {@code generated_beam3} those of a search with three
 * beams, length penalty 1 and early stopping. {@code training} has {@code labels} and the {@code
 * losses} before each step.
 */
final class Golden {

  static final String FILE = "golden.json";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern BEAM = Pattern.compile("generated_beam([1-9][0-9]{0,2})");

  /** What says where a case is from, and is not compared. */
  private static final Set<String> ABOUT = Set.of("task", "architecture", "model_type", "made_by");

  private final Path directory;
  private final JsonNode root;

  /** Dotted paths of what was asked for, and of what contains it. */
  private final Set<String> read = ConcurrentHashMap.newKeySet();

  /** A tensor of the reference, in row-major order. */
  @SuppressWarnings("ArrayRecordComponent")
  record Numbers(long[] shape, double[] values) {}

  private Golden(Path directory, JsonNode root) {
    this.directory = directory;
    this.root = root;
  }

  /**
   * Reads a case.
   *
   * @throws IllegalArgumentException when the file is not what it should be
   */
  static Golden read(Path directory) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readAllBytes(directory.resolve(FILE)));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(FILE + " is not valid JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw wrong("its content", root, "an object");
    }
    return new Golden(directory, root);
  }

  /**
   * Fields that nobody asked for, by their paths: of the case, and of its inputs, its training and
   * their labels.
   */
  List<String> unread() {
    List<String> unread = new ArrayList<>();
    collectUnread("", root, unread);
    return unread;
  }

  private void collectUnread(String path, JsonNode node, List<String> unread) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = path + field.getKey();
      if (ABOUT.contains(name) || field.getValue().isNull()) {
        continue;
      }
      if (!read.contains(name)) {
        unread.add(name);
      } else if (!isTensor(field.getValue())) {
        collectUnread(name + ".", field.getValue(), unread);
      }
    }
  }

  private static boolean isTensor(JsonNode node) {
    return node.has("shape") && node.has("data");
  }

  Path directory() {
    return directory;
  }

  /** Whether the case has images, or says how they would be preprocessed. */
  boolean hasImages() {
    return Stream.of("image0.png", "preprocessor_config.json")
        .anyMatch(name -> Files.exists(directory.resolve(name)));
  }

  /** The image of a row, encoded. */
  Path image(int row) {
    return directory.resolve("image" + row + ".png");
  }

  /** The task as it is written; empty when it is not. */
  String taskName() {
    return root.path("task").asString("");
  }

  Task task() {
    return Task.ofPipelineTag(taskName())
        .orElseThrow(() -> wrong("task", root.path("task"), "a task of the Hub"));
  }

  private boolean has(String... path) {
    JsonNode node = at(path);
    return !node.isMissingNode() && !node.isNull();
  }

  /** Searches with several beams, by their number: the fields {@code generated_beamN}. */
  SortedMap<Integer, long[][]> beams() {
    SortedMap<Integer, long[][]> beams = new TreeMap<>();
    for (String name : root.propertyNames()) {
      Matcher beam = BEAM.matcher(name);
      if (beam.matches()) {
        ids(name).ifPresent(ids -> beams.put(Integer.parseInt(beam.group(1)), ids));
      }
    }
    return beams;
  }

  /** One text or a pair of texts for each row; empty where the case has none. */
  List<List<String>> texts() {
    return at("inputs", "texts")
        .valueStream()
        .map(
            text ->
                text.isArray()
                    ? text.valueStream().map(JsonNode::asString).toList()
                    : List.of(text.asString()))
        .toList();
  }

  /** Rows of integers, each as long as it is written. */
  Optional<long[][]> ids(String... path) {
    JsonNode node = at(path);
    if (!has(path)) {
      return Optional.empty();
    }
    boolean rows =
        node.isArray()
            && !node.isEmpty()
            && node.valueStream()
                .allMatch(
                    row -> row.isArray() && row.valueStream().allMatch(JsonNode::isIntegralNumber));
    if (!rows) {
      throw wrong(String.join(".", path), node, "rows of integers");
    }
    return Optional.of(
        node.valueStream()
            .map(row -> row.valueStream().mapToLong(JsonNode::asLong).toArray())
            .toArray(long[][]::new));
  }

  /** A tensor with its shape. */
  Optional<Numbers> numbers(String... path) {
    if (!has(path)) {
      return Optional.empty();
    }
    long[] shape = at(path).path("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
    double[] values = flat(at(path).path("data"));
    long size = 1;
    for (long edge : shape) {
      size *= edge;
    }
    if (size != values.length || shape.length == 0) {
      throw wrong(
          String.join(".", path) + ".shape",
          at(path).path("shape"),
          "the shape of %d values".formatted(values.length));
    }
    return Optional.of(new Numbers(shape, values));
  }

  /** Labels to train with, which may be the only ones or one kind of several; flat, row-major. */
  double[] labels(String name) {
    JsonNode labels = at("training", "labels");
    JsonNode values = labels.isObject() ? at("training", "labels", name) : labels;
    double[] flat = flat(values);
    if (flat.length == 0) {
      throw wrong("training.labels", labels, "the labels \"%s\"".formatted(name));
    }
    return flat;
  }

  /** Whether labels are whole numbers, as classes are, rather than values. */
  boolean labelsAreClasses() {
    JsonNode first = at("training", "labels");
    while ((first.isArray() || first.isObject()) && !first.isEmpty()) {
      first = first.iterator().next();
    }
    return first.isIntegralNumber();
  }

  /** The loss before each step; empty where the case is not trained. */
  double[] losses() {
    return flat(at("training", "losses"));
  }

  private double[] flat(JsonNode node) {
    if (node.isNumber()) {
      return new double[] {node.asDouble()};
    }
    return node.valueStream()
        .flatMapToDouble(
            value -> {
              if (value.isArray()) {
                return Arrays.stream(flat(value));
              }
              if (!value.isNumber()) {
                throw wrong("a value", value, "a number");
              }
              return DoubleStream.of(value.asDouble());
            })
        .toArray();
  }

  private JsonNode at(String... path) {
    JsonNode node = root;
    StringBuilder name = new StringBuilder();
    for (String field : path) {
      node = node.path(field);
      read.add(name.append(name.isEmpty() ? "" : ".").append(field).toString());
    }
    return node;
  }

  static IllegalArgumentException wrong(String field, JsonNode node, String expected) {
    String value = node.isMissingNode() ? "missing" : node.toString();
    return new IllegalArgumentException(
        "%s: %s is %s, expected %s"
            .formatted(
                FILE,
                field,
                value.length() > 80 ? value.substring(0, 80) + "..." : value,
                expected));
  }
}
