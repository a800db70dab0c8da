package io.slipway.catalog.model;

import io.slipway.catalog.imports.ImportedVersions;
import io.slipway.catalog.model.HubModels.Position;
import io.slipway.catalog.model.HubModels.Search;
import io.slipway.catalog.v1.HubModel;
import io.slipway.catalog.v1.ListHubModelsRequest;
import io.slipway.catalog.v1.Verdict;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.jobs.JobStatuses;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Answers questions about the catalogue's models. */
@Component
public class FindHubModels {

  private static final String COLLECTION = "hubModels/";

  private final HubModels models;
  private final ImportedVersions imports;

  FindHubModels(HubModels models, ImportedVersions imports) {
    this.models = models;
    this.imports = imports;
  }

  /**
   * @param tenant whose imports are shown with the models
   * @throws SlipwayException INVALID_ARGUMENT for a name of another form, NOT_FOUND
   */
  public HubModel get(String tenant, String name) {
    if (!name.startsWith(COLLECTION) || name.length() == COLLECTION.length()) {
      throw SlipwayException.invalid(
          "\"" + name + "\" is not a name of the form hubModels/{owner}/{model}.");
    }
    CatalogEntry model =
        models
            .find(name.substring(COLLECTION.length()))
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.NOT_FOUND,
                        "The catalogue has no %s; it may not have been synced yet."
                            .formatted(name)));
    return resource(model, imports.of(tenant, List.of(model.id())));
  }

  /**
   * @param tenant whose imports are shown with the models
   * @throws SlipwayException INVALID_ARGUMENT
   */
  public Page<HubModel> list(String tenant, ListHubModelsRequest request) {
    PageRequest wanted = PageRequest.of(request.getPageSize(), request.getPageToken());
    Page<CatalogEntry> page =
        wanted.page(
            models.search(
                new Search(
                    request.getQuery(), request.getPipelineTag(), request.getImportableOnly()),
                position(wanted.after(), request.getPageToken()),
                wanted.limit()),
            model -> model.downloads() + " " + model.id());
    Map<String, List<String>> imported =
        imports.of(tenant, page.items().stream().map(CatalogEntry::id).toList());
    return page.map(model -> resource(model, imported));
  }

  private static Optional<Position> position(String after, String token) {
    if (after.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = after.split(" ", 2);
    if (parts.length < 2 || !parts[0].matches("\\d{1,18}")) {
      throw SlipwayException.invalid(
          "page_token \"" + token + "\" is not one that a listing has given out.");
    }
    return Optional.of(new Position(Long.parseLong(parts[0]), parts[1]));
  }

  private static HubModel resource(CatalogEntry model, Map<String, List<String>> imported) {
    HubModel.Builder resource =
        HubModel.newBuilder()
            .setName(COLLECTION + model.id())
            .setId(model.id())
            .setSha(model.sha())
            .setPipelineTag(model.pipelineTag())
            .setLibraryName(model.libraryName())
            .setLicense(model.license())
            .addAllTags(model.tags())
            .setDownloads(model.downloads())
            .setLikes(model.likes())
            .setGated(model.gated())
            .setDescription(model.description())
            .setVerdict(
                Verdict.newBuilder()
                    .setImportable(model.verdict().importable())
                    .setFineTunable(model.verdict().fineTunable())
                    .setServable(model.verdict().servable())
                    .addAllReasons(model.verdict().reasons()))
            .addAllImportedVersions(imported.getOrDefault(model.id(), List.of()));
    if (model.lastModified() != null) {
      resource.setLastModifiedTime(JobStatuses.timestamp(model.lastModified()));
    }
    return resource.build();
  }
}
