package io.slipway.modelfiles;

import java.util.Optional;
import java.util.Set;

/**
 * A class of the reference implementation that the platform can do something with.
 *
 * @param modelType the family, as in config.json
 * @param architecture the class name, as in config.json
 * @param serves the task that its head answers; empty when it has none that answers anything
 * @param tunes the tasks that it can be fine-tuned for, with a new head where it has none
 */
public record ArchitectureSupport(
    String modelType, String architecture, Optional<Task> serves, Set<Task> tunes) {

  private static final Set<Task> TEXT_TO_TEXT = Set.of(Task.SUMMARIZATION, Task.TRANSLATION);

  /** Whether its head answers a task; those that turn texts into texts summarize and translate. */
  public boolean answers(Task task) {
    return serves
        .filter(own -> own == task || (TEXT_TO_TEXT.contains(own) && TEXT_TO_TEXT.contains(task)))
        .isPresent();
  }

  /** Whether its inputs are texts, for which a checkpoint needs a tokenizer. */
  public boolean readsText() {
    return !tunes.contains(Task.IMAGE_CLASSIFICATION);
  }
}
