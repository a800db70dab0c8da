package io.slipway.modelfiles;

import io.slipway.modelfiles.ModelFilesException.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the names of a repository's files say about its weights. */
final class WeightFiles {

  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final Pattern PICKLED = Pattern.compile(".*\\.(bin|pt|pth|pkl|pickle|ckpt)");

  private WeightFiles() {}

  static boolean isPickled(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return PICKLED.matcher(lower).matches() && !lower.equals("training_args.bin");
  }

  /** Why these files hold no weights that can be loaded; empty when they do. */
  static Optional<ModelFilesException> problem(Collection<String> names) {
    if (names.contains(SINGLE) || names.contains(INDEX)) {
      return Optional.empty();
    }
    List<String> pickled = names.stream().filter(WeightFiles::isPickled).sorted().toList();
    if (!pickled.isEmpty()) {
      return Optional.of(
          new ModelFilesException(
              Reason.PICKLED_WEIGHTS_ONLY,
              "the only weights are pickled (%s), which can run code when read; accepted are %s, or %s with its shards"
                  .formatted(String.join(", ", pickled), SINGLE, INDEX)));
    }
    return Optional.of(
        new ModelFilesException(
            Reason.MISSING_FILE,
            "there are no weights: expected %s, or %s with its shards".formatted(SINGLE, INDEX)));
  }
}
