package io.slipway.hub;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Models and files as the Hub's API writes them. */
public final class ModelJson {

  /** Reads and writes the API's JSON. */
  public static final JsonMapper MAPPER = JsonMapper.shared();

  /** Always with milliseconds, as the Hub's own client expects. */
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ModelJson() {}

  /**
   * Reads an entry of {@code GET /api/models} or the answer of {@code GET /api/models/{id}}.
   *
   * @throws IllegalArgumentException when it has no valid id
   */
  public static ModelInfo read(JsonNode json) {
    List<RepositoryFile> files = new ArrayList<>();
    List<String> unsafeNames = new ArrayList<>();
    for (JsonNode sibling : json.path("siblings")) {
      String name = sibling.path("rfilename").asString("");
      if (RepositoryFile.isSafe(name)) {
        files.add(readFile(name, sibling, "blobId", "sha256"));
      } else {
        unsafeNames.add(name);
      }
    }
    return new ModelInfo(
        RepositoryId.of(json.path("id").asString("")),
        text(json, "sha"),
        instant(json, "createdAt"),
        instant(json, "lastModified"),
        json.path("private").asBoolean(false),
        gating(json.path("gated")),
        json.path("downloads").asLong(0),
        json.path("likes").asLong(0),
        readCard(json),
        nullIfMissing(json.path("config")),
        nullIfMissing(json.path("safetensors")),
        files,
        unsafeNames);
  }

  private static ModelCard readCard(JsonNode json) {
    List<String> tags = new ArrayList<>();
    json.path("tags").forEach(tag -> tags.add(tag.asString("")));
    return new ModelCard(
        text(json, "pipeline_tag"),
        text(json, "library_name"),
        tags,
        nullIfMissing(json.path("cardData")));
  }

  /** Reads a file of {@code .../tree/{revision}}. */
  static RepositoryFile readTreeEntry(JsonNode json) {
    return readFile(json.path("path").asString(""), json, "oid", "oid");
  }

  private static RepositoryFile readFile(
      String path, JsonNode json, String gitOidField, String lfsOidField) {
    JsonNode lfs = json.path("lfs");
    return new RepositoryFile(
        path,
        json.path("size").asLong(RepositoryFile.UNKNOWN_SIZE),
        text(json, gitOidField),
        text(lfs, lfsOidField));
  }

  /**
   * Writes a model.
   *
   * @param withFiles whether to name its files
   * @param withSizes whether to add their sizes and hashes
   */
  public static ObjectNode write(ModelInfo model, boolean withFiles, boolean withSizes) {
    ObjectNode json = NODES.objectNode();
    json.put("_id", model.id().value());
    json.put("id", model.id().value());
    json.put("modelId", model.id().value());
    json.put("author", model.id().owner());
    json.put("sha", model.sha());
    json.put("createdAt", write(model.createdAt()));
    json.put("lastModified", write(model.lastModified()));
    json.put("private", model.isPrivate());
    json.put("disabled", false);
    switch (model.gating()) {
      case NONE -> json.put("gated", false);
      case AUTO -> json.put("gated", "auto");
      case MANUAL -> json.put("gated", "manual");
    }
    json.put("downloads", model.downloads());
    json.put("likes", model.likes());
    model.card().tags().forEach(json.putArray("tags")::add);
    putUnlessNull(json, "pipeline_tag", model.card().pipelineTag());
    putUnlessNull(json, "library_name", model.card().libraryName());
    putUnlessNull(json, "cardData", model.card().data());
    putUnlessNull(json, "config", model.config());
    putUnlessNull(json, "safetensors", model.safetensors());
    if (withFiles) {
      var siblings = json.putArray("siblings");
      model.files().forEach(file -> siblings.add(writeSibling(file, withSizes)));
    }
    return json;
  }

  private static ObjectNode writeSibling(RepositoryFile file, boolean withSize) {
    ObjectNode json = NODES.objectNode().put("rfilename", file.path());
    if (withSize) {
      json.put("size", file.sizeBytes());
      json.put("blobId", file.gitOid());
      writeLfs(json, file, "sha256");
    }
    return json;
  }

  /** Writes a file as {@code .../tree} and {@code .../paths-info} show it. */
  public static ObjectNode writeTreeEntry(RepositoryFile file) {
    ObjectNode json = NODES.objectNode().put("type", "file");
    json.put("oid", file.gitOid());
    json.put("size", file.sizeBytes());
    json.put("path", file.path());
    writeLfs(json, file, "oid");
    return json;
  }

  private static void writeLfs(ObjectNode json, RepositoryFile file, String oidField) {
    if (file.sha256() != null) {
      json.putObject("lfs")
          .put(oidField, file.sha256())
          .put("size", file.sizeBytes())
          .put("pointerSize", LargeFilePointer.of(file.sha256(), file.sizeBytes()).length);
    }
  }

  private static Gating gating(JsonNode gated) {
    return switch (gated.asString("false")) {
      case "auto" -> Gating.AUTO;
      case "manual", "true" -> Gating.MANUAL;
      default -> Gating.NONE;
    };
  }

  private static @Nullable String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    return value.isString() ? value.asString() : null;
  }

  private static @Nullable Instant instant(JsonNode json, String field) {
    String text = text(json, field);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable String write(@Nullable Instant instant) {
    return instant == null ? null : MILLISECONDS.format(instant);
  }

  private static JsonNode nullIfMissing(JsonNode node) {
    return node.isMissingNode() ? NODES.nullNode() : node;
  }

  private static void putUnlessNull(ObjectNode json, String field, @Nullable String value) {
    if (value != null) {
      json.put(field, value);
    }
  }

  private static void putUnlessNull(ObjectNode json, String field, JsonNode value) {
    if (!value.isNull()) {
      json.set(field, value);
    }
  }
}
