package io.slipway.imports.hub;

import io.slipway.hub.RepositoryFile;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.tokenizer.TokenizerFiles;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Chooses by name what is imported of a repository: configuration, safetensors, tokenizer and
 * papers. Whatever is not named here stays where it is, above all pickled weights and code.
 */
final class FileSelection {

  static final String CONFIG = "config.json";
  private static final String IMAGES = "preprocessor_config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final Pattern SHARD = Pattern.compile("model-\\d+-of-\\d+\\.safetensors");
  private static final Pattern PICKLED =
      Pattern.compile(".*\\.(?:bin|pt|pth|pkl|pickle|ckpt)", Pattern.CASE_INSENSITIVE);
  private static final Pattern COMPANION =
      Pattern.compile(
          String.join(
              "|",
              "(?:config|generation_config|preprocessor_config|processor_config)\\.json",
              "chat_template\\.(?:jinja|json)",
              // sentence-transformers: the list of modules and the settings of each.
              "(?:modules|sentence_bert_config|config_sentence_transformers)\\.json",
              "\\d+_[A-Za-z]+/config\\.json",
              "README\\.md|(?:LICENSE|LICENCE|NOTICE)(?:\\.txt|\\.md)?"));

  private FileSelection() {}

  /**
   * @param offered all files of a repository
   * @throws SlipwayException MALFORMED_MODEL or PICKLED_WEIGHTS_ONLY
   */
  static List<RepositoryFile> choose(List<RepositoryFile> offered) {
    requireFile(offered, CONFIG);
    Predicate<String> weights = weights(offered);
    List<String> names = offered.stream().map(RepositoryFile::path).toList();
    // A model of images has no tokenizer; which it is, only its configuration will say.
    if (!names.contains(IMAGES)) {
      TokenizerFiles.problem(names)
          .ifPresent(
              problem -> {
                throw malformed("The repository is not complete: " + problem.getMessage() + ".");
              });
    }
    return offered.stream()
        .filter(
            file ->
                weights.test(file.path())
                    || TokenizerFiles.names().contains(file.path())
                    || COMPANION.matcher(file.path()).matches())
        .toList();
  }

  /** Loaders take the single file where both it and shards are there. */
  private static Predicate<String> weights(List<RepositoryFile> offered) {
    if (has(offered, WEIGHTS)) {
      return WEIGHTS::equals;
    }
    if (has(offered, INDEX)) {
      return name -> name.equals(INDEX) || SHARD.matcher(name).matches();
    }
    List<String> pickled =
        offered.stream()
            .map(RepositoryFile::path)
            .filter(name -> PICKLED.matcher(name).matches())
            .toList();
    if (pickled.isEmpty()) {
      throw malformed(
          "The repository has no weights: expected %s, or %s with its shards."
              .formatted(WEIGHTS, INDEX));
    }
    throw new SlipwayException(
        ErrorCode.PICKLED_WEIGHTS_ONLY,
        "The repository's only weights are pickled (%s), which can run code when read; expected %s, or %s with its shards."
            .formatted(String.join(", ", pickled), WEIGHTS, INDEX));
  }

  private static void requireFile(List<RepositoryFile> offered, String name) {
    if (!has(offered, name)) {
      throw malformed("The repository has no " + name + ".");
    }
  }

  private static boolean has(List<RepositoryFile> files, String name) {
    return files.stream().anyMatch(file -> file.path().equals(name));
  }

  private static SlipwayException malformed(String message) {
    return new SlipwayException(ErrorCode.MALFORMED_MODEL, message);
  }
}
