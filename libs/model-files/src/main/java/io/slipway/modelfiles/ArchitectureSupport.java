package io.slipway.modelfiles;

import java.util.Optional;

/**
 * A class of the reference implementation that the platform can do something with.
 *
 * @param modelType the family, as in config.json
 * @param architecture the class name, as in config.json
 * @param serves the task that its head answers; empty when the platform serves none with it
 * @param tunes the task that it can be fine-tuned for, with a new head where it has none
 */
public record ArchitectureSupport(
    String modelType, String architecture, Optional<Task> serves, Optional<Task> tunes) {}
