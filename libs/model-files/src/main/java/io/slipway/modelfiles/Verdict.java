package io.slipway.modelfiles;

import java.util.List;
import java.util.Optional;

/**
 * What the platform can do with a model.
 *
 * @param servable whether it can be deployed as it is
 * @param fineTunable whether it can be trained further
 * @param task what it answers when it is served, or what it can be tuned for; empty when it is not
 *     importable
 * @param reasons one sentence for each thing that it cannot do, or that needs something of the user
 */
public record Verdict(
    boolean importable,
    boolean fineTunable,
    boolean servable,
    Optional<Task> task,
    List<String> reasons) {

  public Verdict {
    reasons = List.copyOf(reasons);
  }

  static Verdict refused(List<String> reasons) {
    return new Verdict(false, false, false, Optional.empty(), reasons);
  }
}
