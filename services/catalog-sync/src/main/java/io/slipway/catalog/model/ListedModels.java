package io.slipway.catalog.model;

import io.slipway.hub.Gating;
import io.slipway.hub.ModelInfo;
import io.slipway.hub.RepositoryFile;
import io.slipway.modelfiles.ListedModel;
import io.slipway.modelfiles.SupportedArchitectures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a hub's listing says about a model, and judges it. */
public final class ListedModels {

  /** What has to be asked for in a listing. */
  private static final List<String> FIELDS =
      List.of(
          "cardData",
          "config",
          "downloads",
          "gated",
          "lastModified",
          "library_name",
          "likes",
          "pipeline_tag",
          "sha",
          "siblings",
          "tags");

  private static final String LICENSE_TAG = "license:";
  private static final int LONGEST_DESCRIPTION = 500;

  private ListedModels() {}

  /** Names of the fields that {@link #read} needs. */
  public static String[] fields() {
    return FIELDS.toArray(String[]::new);
  }

  public static CatalogEntry read(ModelInfo model) {
    boolean gated = model.gating() != Gating.NONE;
    return new CatalogEntry(
        model.id().value(),
        orEmpty(model.sha()),
        orEmpty(model.card().pipelineTag()),
        orEmpty(model.card().libraryName()),
        license(model),
        model.card().tags(),
        model.downloads(),
        model.likes(),
        gated,
        model.lastModified(),
        description(model.card().data()),
        SupportedArchitectures.assess(listed(model, gated)));
  }

  private static ListedModel listed(ModelInfo model, boolean gated) {
    List<String> architectures = new ArrayList<>();
    model.config().path("architectures").forEach(name -> architectures.add(name.asString("")));
    JsonNode modelType = model.config().path("model_type");
    return new ListedModel(
        modelType.isString() ? modelType.asString() : null,
        architectures,
        model.card().pipelineTag(),
        model.card().libraryName(),
        model.card().tags(),
        model.files().stream().map(RepositoryFile::path).toList(),
        gated);
  }

  private static String license(ModelInfo model) {
    return model.card().tags().stream()
        .filter(tag -> tag.startsWith(LICENSE_TAG))
        .map(tag -> tag.substring(LICENSE_TAG.length()))
        .findFirst()
        .orElseGet(() -> text(model.card().data(), "license"));
  }

  /** Model cards have no agreed field for it; these two are in use. */
  private static String description(JsonNode card) {
    String text = text(card, "summary");
    String plain = (text.isEmpty() ? text(card, "description") : text).strip();
    String line = plain.replaceAll("\\s+", " ");
    return line.length() <= LONGEST_DESCRIPTION
        ? line
        : line.substring(0, LONGEST_DESCRIPTION - 1) + "…";
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString() ? value.asString() : "";
  }

  private static String orEmpty(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
