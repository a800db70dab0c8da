package io.slipway.models.training.settings;

import io.slipway.modelfiles.adapter.AdapterConfig;
import io.slipway.modelfiles.adapter.AdapterConfig.BaseModelName;
import io.slipway.modelfiles.adapter.AdapterRanks;
import io.slipway.modelfiles.adapter.AdapterTask;
import io.slipway.modelfiles.adapter.ModuleNames;
import io.slipway.modelfiles.adapter.TargetModules;
import io.slipway.models.architecture.Head;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How to train an adapter instead of the model itself. The head of the task is trained whole beside
 * it, and so is every module that begins fresh.
 *
 * @param config what PEFT's {@code LoraConfig} says; its task follows from the goal
 * @param from an adapter of the same configuration whose training goes on; empty for a new one
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021</a>
 */
public record LoraSettings(AdapterConfig config, Optional<Path> from) {

  public LoraSettings {
    if (!(config.dropout() >= 0 && config.dropout() < 1)) {
      throw new IllegalArgumentException(
          "lora dropout is %s, expected 0 or more, below 1".formatted(config.dropout()));
    }
    if (!(config.ranks().alpha() > 0) || config.ranks().r() < 1) {
      throw new IllegalArgumentException(
          "rank is %d and alpha %s, expected both above 0"
              .formatted(config.ranks().r(), config.ranks().alpha()));
    }
  }

  /** Every linear layer gets a change of the same rank. */
  public static LoraSettings of(int rank, double alpha) {
    return of(
        new AdapterRanks(rank, alpha, false, Map.of(), Map.of()), new TargetModules.AllLinear());
  }

  /** Layers of these names get a change of the same rank. */
  public static LoraSettings of(int rank, double alpha, List<String> targetModules) {
    return of(
        new AdapterRanks(rank, alpha, false, Map.of(), Map.of()),
        new TargetModules.Chosen(new ModuleNames.Named(targetModules)));
  }

  private static LoraSettings of(AdapterRanks ranks, TargetModules targets) {
    return new LoraSettings(
        new AdapterConfig(
            Optional.empty(),
            Optional.empty(),
            targets,
            Optional.empty(),
            ranks,
            0,
            Set.of(),
            false),
        Optional.empty());
  }

  /**
   * Goes on with an adapter as it was configured.
   *
   * @throws io.slipway.modelfiles.ModelFilesException when it cannot be read
   */
  public static LoraSettings from(Path adapter) throws IOException {
    return new LoraSettings(AdapterConfig.read(adapter), Optional.of(adapter));
  }

  /** The same for a base of this name. */
  public LoraSettings base(String name) {
    BaseModelName base = new BaseModelName(name, Optional.empty());
    return new LoraSettings(
        new AdapterConfig(
            Optional.of(base),
            config.taskType(),
            config.targetModules(),
            config.excluded(),
            config.ranks(),
            config.dropout(),
            config.modulesToSave(),
            config.fanInFanOut()),
        from);
  }

  /** The same for a task, with the modules to save that come with it. */
  public AdapterConfig config(Head<?> head, Set<String> modulesToSave, boolean fanInFanOut) {
    return new AdapterConfig(
        config.baseModel(),
        task(head),
        config.targetModules(),
        config.excluded(),
        config.ranks(),
        config.dropout(),
        modulesToSave,
        fanInFanOut);
  }

  /** Names of the weights that are trained whole. */
  public Predicate<String> trains(Head<?> head) {
    AdapterConfig saved = config(head, config.modulesToSave(), false);
    return name -> name.indexOf('.') > 0 && saved.saves(moduleOf(name));
  }

  /** The module that a weight belongs to: its name without the last part. */
  public static String moduleOf(String weight) {
    return weight.substring(0, weight.lastIndexOf('.'));
  }

  private static Optional<AdapterTask> task(Head<?> head) {
    return Optional.ofNullable(
        switch (head.task()) {
          case TEXT_CLASSIFICATION -> AdapterTask.SEQ_CLS;
          case TOKEN_CLASSIFICATION -> AdapterTask.TOKEN_CLS;
          case QUESTION_ANSWERING -> AdapterTask.QUESTION_ANS;
          case TEXT_GENERATION -> AdapterTask.CAUSAL_LM;
          case SUMMARIZATION, TRANSLATION -> AdapterTask.SEQ_2_SEQ_LM;
          case FEATURE_EXTRACTION -> AdapterTask.FEATURE_EXTRACTION;
          default -> null;
        });
  }
}
