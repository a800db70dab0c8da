package io.slipway.models.training.language;

import java.util.Map;

/** Compares texts that were written with those that should have been. */
public interface WritingTally {

  void add(String written, String target);

  /** Fractions of one, the most important first. */
  Map<String, Double> metrics();
}
