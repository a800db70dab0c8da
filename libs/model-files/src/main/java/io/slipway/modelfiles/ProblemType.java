package io.slipway.modelfiles;

/** How a classification head's outputs are to be read; {@code problem_type} of config.json. */
public enum ProblemType {
  /** Exactly one label holds: softmax, cross-entropy. */
  SINGLE_LABEL_CLASSIFICATION("single_label_classification"),
  /** Any number of labels hold: sigmoid, binary cross-entropy. */
  MULTI_LABEL_CLASSIFICATION("multi_label_classification"),
  /** The outputs are values. */
  REGRESSION("regression");

  private final String configName;

  ProblemType(String configName) {
    this.configName = configName;
  }

  /** As config.json spells it. */
  public String configName() {
    return configName;
  }
}
