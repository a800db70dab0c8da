package io.slipway.finetune.recipe;

import java.util.Set;

/**
 * The modules of a base that hold weights, by their paths in its checkpoint; both empty when its
 * weights are not known.
 *
 * @param matrices those whose weight is a matrix, linear layers among them
 */
public record BaseModules(Set<String> all, Set<String> matrices) {

  /** A new head is not in the checkpoint yet. */
  private static final Set<String> HEADS =
      Set.of("classifier", "pre_classifier", "score", "pooler", "qa_outputs");

  public BaseModules {
    all = Set.copyOf(all);
    matrices = Set.copyOf(matrices);
  }

  /** False only when it is known that no linear layer is meant. */
  boolean mayHaveLinear(String name) {
    return matrices.isEmpty() || isAmong(name, matrices);
  }

  /** False only when it is known that no module is meant. */
  boolean mayHave(String name) {
    return all.isEmpty()
        || HEADS.contains(name)
        || isAmong(name, all)
        || all.stream().anyMatch(module -> module.startsWith(name + "."))
        || all.stream().anyMatch(module -> module.contains("." + name + "."));
  }

  /** A path may begin with the name of the model, which a bare encoder's checkpoint leaves out. */
  private static boolean isAmong(String name, Set<String> modules) {
    return modules.stream()
        .anyMatch(
            module ->
                module.equals(name) || module.endsWith("." + name) || name.endsWith("." + module));
  }
}
