package io.slipway.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A golden checkpoint and what the reference computed with it. */
public record GoldenCase(Path directory, JsonNode golden) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Path ROOT = Path.of("src/test/resources/goldens");

  public static GoldenCase named(String name) {
    return at(ROOT.resolve(name));
  }

  public static GoldenCase at(Path directory) {
    return new GoldenCase(directory, read(directory.resolve("golden.json")));
  }

  /** A file of results beside the checkpoints. */
  public static JsonNode json(String name) {
    return read(ROOT.resolve(name));
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A checkpoint without results. */
  public static Path checkpoint(String name) {
    return ROOT.resolve(name);
  }

  public List<String> texts() {
    return golden.get("texts").valueStream().map(JsonNode::asString).toList();
  }

  public List<List<Long>> ids() {
    return longs(golden.get("ids"));
  }

  public float[][] logits() {
    JsonNode rows = golden.get("logits");
    float[][] logits = new float[rows.size()][];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = new float[rows.get(i).size()];
      for (int j = 0; j < logits[i].length; j++) {
        logits[i][j] = rows.get(i).get(j).floatValue();
      }
    }
    return logits;
  }

  public double learningRate() {
    return golden.get("training").get("learning_rate").asDouble();
  }

  public List<List<Integer>> trainingLabels() {
    return longs(golden.get("training").get("labels")).stream()
        .map(row -> row.stream().map(Long::intValue).toList())
        .toList();
  }

  public List<Double> losses() {
    return golden.get("training").get("losses").valueStream().map(JsonNode::asDouble).toList();
  }

  private static List<List<Long>> longs(JsonNode rows) {
    List<List<Long>> result = new ArrayList<>();
    for (JsonNode row : rows) {
      result.add(row.valueStream().map(JsonNode::asLong).toList());
    }
    return result;
  }

  /** A copy of a checkpoint's files, to be changed. */
  public static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  /** Sets a field of a copied checkpoint's configuration, given as JSON. */
  public static Path configure(Path checkpoint, String field, String json) throws IOException {
    Path file = checkpoint.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(Files.readString(file));
    config.set(field, JSON.readTree(json));
    Files.writeString(file, JSON.writeValueAsString(config));
    return checkpoint;
  }
}
