package io.slipway.finetune.job;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.finetune.recipe.BaseModules;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ArchitectureSupport;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.SupportedArchitectures;
import io.slipway.modelfiles.Task;
import io.slipway.modelfiles.safetensors.SafetensorsException;
import io.slipway.modelfiles.safetensors.SafetensorsFile;
import io.slipway.registry.v1.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Looks closer at a registered version: can it be tuned, and for what. */
@Component
class BaseModels {

  private static final String WEIGHTS = ".safetensors";
  private static final String WEIGHT = ".weight";

  private final ArtifactStore store;

  BaseModels(ArtifactStore store) {
    this.store = store;
  }

  /**
   * @throws SlipwayException UNSUPPORTED_ARCHITECTURE when it cannot be tuned, MALFORMED_MODEL when
   *     its files contradict themselves
   */
  BaseModel of(ModelVersion version) {
    try {
      ModelConfig config = ModelConfig.read(store.path(configOf(version)));
      ArchitectureSupport support = SupportedArchitectures.require(config);
      Task task = Task.TEXT_CLASSIFICATION;
      if (!support.tunes().contains(task)) {
        throw new SlipwayException(
            ErrorCode.UNSUPPORTED_ARCHITECTURE,
            "%s is a %s, which cannot be fine-tuned."
                .formatted(version.getName(), support.architecture()));
      }
      List<String> labels =
          support.serves().equals(Optional.of(task)) ? config.labels() : List.of();
      return new BaseModel(
          version.getName(),
          task.pipelineTag(),
          config.requirePositiveInt("max_position_embeddings"),
          labels);
    } catch (ModelFilesException e) {
      throw new SlipwayException(code(e), version.getName() + ": " + e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the headers of its weights. */
  BaseModules modules(ModelVersion version) {
    Set<String> all = new HashSet<>();
    Set<String> matrices = new HashSet<>();
    for (ArtifactFile file : version.getFilesList()) {
      if (file.getPath().endsWith(WEIGHTS) && file.getPath().indexOf('/') < 0) {
        try (SafetensorsFile weights =
            SafetensorsFile.open(store.path(Digest.of(file.getSha256())))) {
          weights.tensors().values().stream()
              .filter(tensor -> tensor.name().indexOf('.') > 0)
              .forEach(
                  tensor -> {
                    String module = tensor.name().substring(0, tensor.name().lastIndexOf('.'));
                    all.add(module);
                    if (tensor.shape().size() == 2 && tensor.name().endsWith(WEIGHT)) {
                      matrices.add(module);
                    }
                  });
        } catch (SafetensorsException e) {
          throw new SlipwayException(
              ErrorCode.MALFORMED_MODEL, version.getName() + ": " + e.getMessage() + ".", e);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return new BaseModules(all, matrices);
  }

  private static Digest configOf(ModelVersion version) {
    return version.getFilesList().stream()
        .filter(file -> file.getPath().equals(ModelConfig.FILE))
        .map(ArtifactFile::getSha256)
        .map(Digest::of)
        .findFirst()
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.MALFORMED_MODEL,
                    version.getName() + " has no " + ModelConfig.FILE + "."));
  }

  private static ErrorCode code(ModelFilesException e) {
    return switch (e.reason()) {
      case UNSUPPORTED_ARCHITECTURE, UNSUPPORTED_CONFIG -> ErrorCode.UNSUPPORTED_ARCHITECTURE;
      case PICKLED_WEIGHTS_ONLY -> ErrorCode.PICKLED_WEIGHTS_ONLY;
      case MALFORMED_SAFETENSORS,
          MALFORMED_INDEX,
          MISSING_FILE,
          MALFORMED_CONFIG,
          MALFORMED_TOKENIZER,
          WEIGHTS_MISMATCH ->
          ErrorCode.MALFORMED_MODEL;
    };
  }
}
