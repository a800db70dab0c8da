package io.slipway.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.hub.Gating;
import io.slipway.hub.ModelCard;
import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelJson;
import io.slipway.hub.RepositoryFile;
import io.slipway.hub.RepositoryId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Describes directories as repositories; remembers the hashes of files that have not changed. */
final class RepositoryDirectories {

  private static final Set<String> HIDDEN_DIRECTORIES = Set.of(".git", ".cache");
  private static final Set<String> LARGE_EXTENSIONS =
      Set.of("safetensors", "bin", "onnx", "onnx_data", "pt", "pth", "gguf", "h5", "msgpack");
  private static final long LARGE_BYTES = 10 << 20;
  private static final int MAX_TEXT_BYTES = 1 << 20;

  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  /** What was found out about a file while it had this size and time. */
  private record Known(long size, Instant modified, Hashes hashes, Map<String, Long> parameters) {}

  private record Found(RepositoryFile file, Known known) {}

  ModelInfo read(RepositoryId id, Path directory) {
    try {
      return describe(id, directory, find(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ModelInfo describe(RepositoryId id, Path directory, List<Found> found)
      throws IOException {
    JsonNode config = json(text(directory.resolve("config.json")));
    ModelCard card =
        FrontMatter.read(
            text(directory.resolve("README.md")),
            config.has("architectures") ? "transformers" : null);
    Map<String, Long> parameters = new TreeMap<>();
    StringBuilder content = new StringBuilder();
    Instant first = Instant.MAX;
    Instant last = Instant.EPOCH;
    for (Found each : found) {
      each.known().parameters().forEach((type, count) -> parameters.merge(type, count, Long::sum));
      content.append(each.file().path()).append('\0').append(each.known().hashes().sha256());
      Instant modified = each.known().modified();
      first = modified.isBefore(first) ? modified : first;
      last = modified.isAfter(last) ? modified : last;
    }
    return new ModelInfo(
        id,
        Hashes.sha1(content.toString().getBytes(UTF_8)),
        found.isEmpty() ? last : first,
        last,
        false,
        Gating.NONE,
        0,
        0,
        card,
        summary(config),
        ParameterCount.write(parameters),
        found.stream().map(Found::file).toList(),
        List.of());
  }

  private List<Found> find(Path directory) throws IOException {
    List<Found> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path entry, BasicFileAttributes attributes) {
            return HIDDEN_DIRECTORIES.contains(String.valueOf(entry.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes)
              throws IOException {
            boolean named = RepositoryFile.isSafe(directory.relativize(entry).toString());
            if (attributes.isRegularFile() && named) {
              files.add(find(directory, entry, attributes));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(Comparator.comparing(found -> found.file().path()));
    return files;
  }

  private Found find(Path directory, Path file, BasicFileAttributes attributes) throws IOException {
    String path = directory.relativize(file).toString();
    Known facts = known(file, attributes);
    boolean large =
        facts.size() >= LARGE_BYTES
            || LARGE_EXTENSIONS.contains(RepositoryFile.named(path).extension());
    return new Found(
        new RepositoryFile(
            path,
            facts.size(),
            large ? facts.hashes().gitPointer(facts.size()) : facts.hashes().gitBlob(),
            large ? facts.hashes().sha256() : null),
        facts);
  }

  private Known known(Path file, BasicFileAttributes attributes) throws IOException {
    Instant modified = attributes.lastModifiedTime().toInstant();
    Known before = known.get(file);
    if (before != null
        && before.size() == attributes.size()
        && before.modified().equals(modified)) {
      return before;
    }
    boolean isSafetensors = file.toString().endsWith(".safetensors");
    var now =
        new Known(
            attributes.size(),
            modified,
            Hashes.of(file),
            isSafetensors ? ParameterCount.of(file) : Map.of());
    known.put(file, now);
    return now;
  }

  /** The beginning of a small text file, or nothing. */
  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return "";
    }
    try (var content = Files.newInputStream(file)) {
      return new String(content.readNBytes(MAX_TEXT_BYTES), UTF_8);
    }
  }

  private static JsonNode json(String text) {
    try {
      return text.isEmpty() ? ModelJson.MAPPER.nullNode() : ModelJson.MAPPER.readTree(text);
    } catch (JacksonException e) {
      return ModelJson.MAPPER.nullNode();
    }
  }

  /** The Hub shows these parts of a configuration. */
  private static JsonNode summary(JsonNode config) {
    ObjectNode summary = ModelJson.MAPPER.createObjectNode();
    for (String field : List.of("architectures", "model_type")) {
      if (config.has(field)) {
        summary.set(field, config.path(field));
      }
    }
    return summary.isEmpty() ? ModelJson.MAPPER.nullNode() : summary;
  }
}
