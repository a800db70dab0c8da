package io.slipway.finetune.job;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.artifacts.StoredFile;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.finetune.recipe.BaseModules;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.ModelFilesRefusals;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ArchitectureSupport;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.SupportedArchitectures;
import io.slipway.modelfiles.Task;
import io.slipway.modelfiles.chat.ChatTemplate;
import io.slipway.modelfiles.safetensors.SafetensorsException;
import io.slipway.modelfiles.safetensors.SafetensorsFile;
import io.slipway.registry.v1.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Looks closer at a registered version: can it be tuned, and for what. */
@Component
class BaseModels {

  private static final String WEIGHTS = ".safetensors";
  private static final String WEIGHT = ".weight";

  /** How many tokens a model takes, in the names that architectures have for it. */
  private static final List<String> POSITIONS = List.of("max_position_embeddings", "n_positions");

  private final ArtifactStore store;

  BaseModels(ArtifactStore store) {
    this.store = store;
  }

  /**
   * @throws SlipwayException UNSUPPORTED_ARCHITECTURE when it cannot be tuned for the task,
   *     MALFORMED_MODEL when its files contradict themselves
   */
  BaseModel of(ModelVersion version, Task task) {
    try {
      ModelConfig config = ModelConfig.read(store.path(configOf(version)));
      ArchitectureSupport support = SupportedArchitectures.require(config);
      if (!support.tunes().contains(task)) {
        throw new SlipwayException(
            ErrorCode.UNSUPPORTED_ARCHITECTURE,
            "%s is a %s, which cannot be fine-tuned for %s%s."
                .formatted(
                    version.getName(),
                    support.architecture(),
                    task.pipelineTag(),
                    otherwise(support)));
      }
      boolean labelled = task.hasLabels() && support.answers(task);
      return new BaseModel(
          version.getName(),
          positions(config, support),
          labelled ? config.labels() : List.of(),
          config.prefix(task.pipelineTag()));
    } catch (ModelFilesException e) {
      throw new SlipwayException(
          ModelFilesRefusals.codeOf(e), version.getName() + ": " + e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String otherwise(ArchitectureSupport support) {
    return support.tunes().isEmpty()
        ? ""
        : ", but for "
            + support.tunes().stream()
                .sorted()
                .map(Task::pipelineTag)
                .collect(Collectors.joining(", "));
  }

  /** The trainer knows the limits of the architectures better; this one is known without it. */
  private static OptionalInt positions(ModelConfig config, ArchitectureSupport support) {
    if (!support.readsText()) {
      return OptionalInt.empty();
    }
    return POSITIONS.stream().filter(config::has).mapToInt(config::requirePositiveInt).findFirst();
  }

  /**
   * Its chat template.
   *
   * @throws SlipwayException INVALID_ARGUMENT when it has none, MALFORMED_MODEL when it cannot be
   *     read
   */
  ChatTemplate chatTemplate(ModelVersion version) {
    List<StoredFile> files =
        version.getFilesList().stream()
            .map(StoredFile::fromProto)
            .filter(file -> ChatTemplate.isReadFrom(file.path()))
            .toList();
    try {
      Path directory = Files.createTempDirectory("slipway-chat-template-");
      try {
        return ChatTemplate.open(checkedOut(files, directory))
            .orElseThrow(
                () ->
                    SlipwayException.invalid(
                        version.getName()
                            + " has no chat template; expected one, or prompts and completions in place of messages."));
      } finally {
        FileSystemUtils.deleteRecursively(directory);
      }
    } catch (ModelFilesException e) {
      throw new SlipwayException(
          ModelFilesRefusals.codeOf(e), version.getName() + ": " + e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path checkedOut(List<StoredFile> files, Path directory) throws IOException {
    for (StoredFile file : files) {
      Path copy = directory.resolve(file.path());
      Files.createDirectories(copy.getParent());
      Files.copy(store.path(file.digest()), copy);
    }
    return directory;
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
}
