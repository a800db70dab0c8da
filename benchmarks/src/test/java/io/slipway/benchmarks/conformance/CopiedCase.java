package io.slipway.benchmarks.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One of the project's cases in a folder where a test may spoil it. */
record CopiedCase(Path folder) {

  static final Path CASES = Path.of("src/test/resources/cases");

  private static final JsonMapper JSON = new JsonMapper();

  static CopiedCase of(String name, Path parent) throws IOException {
    Path folder = Files.createDirectories(parent.resolve(name));
    try (Stream<Path> files = Files.list(CASES.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return new CopiedCase(folder);
  }

  CopiedCase change(Consumer<ObjectNode> golden) throws IOException {
    Path file = folder.resolve(Golden.FILE);
    ObjectNode root = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
    golden.accept(root);
    Files.write(file, JSON.writeValueAsBytes(root));
    return this;
  }

  /** Adds to the value at the end of a dotted path; a number names the place in an array. */
  CopiedCase spoil(String path, double by) throws IOException {
    return change(
        root -> {
          List<String> names = List.of(path.split("\\."));
          String parent = "/" + String.join("/", names.subList(0, names.size() - 1));
          var node = root.at(parent);
          String last = names.getLast();
          if (node.isArray()) {
            var array = node.asArray();
            int at = last.equals("last") ? array.size() - 1 : Integer.parseInt(last);
            if (array.get(at).isIntegralNumber()) {
              array.set(at, array.get(at).asLong() + Math.round(by));
            } else {
              array.set(at, array.get(at).asDouble() + by);
            }
          } else {
            throw new IllegalArgumentException(path + " does not lead into an array");
          }
        });
  }

  CopiedCase write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
    return this;
  }

  CopiedCase delete(String name) throws IOException {
    Files.delete(folder.resolve(name));
    return this;
  }
}
