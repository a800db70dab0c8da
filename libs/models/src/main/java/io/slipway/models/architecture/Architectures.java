package io.slipway.models.architecture;

import io.slipway.modelfiles.ArchitectureSupport;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.SupportedArchitectures;
import java.util.Map;
import java.util.Objects;

/**
 * Code by {@code model_type}. Which classes are supported stands in {@link SupportedArchitectures}.
 */
final class Architectures {

  private static final Map<String, ClassifierArchitecture> CLASSIFIERS =
      Map.of(
          "bert",
          new ClassifierArchitecture(
              "BertForSequenceClassification",
              Bert.NAMES,
              Bert::sequenceClassifier,
              name -> name.startsWith("classifier."),
              name -> name.startsWith("bert.pooler.")));

  private Architectures() {}

  /**
   * The sequence classifier of a configuration's family.
   *
   * @throws ModelFilesException UNSUPPORTED_ARCHITECTURE, naming it and what is supported
   */
  static ClassifierArchitecture classifier(ModelConfig config) {
    ArchitectureSupport support = SupportedArchitectures.require(config);
    return Objects.requireNonNull(
        CLASSIFIERS.get(support.modelType()), () -> "no code for " + support.modelType());
  }
}
