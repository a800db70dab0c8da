package io.slipway.standalone.tour;

import java.util.ArrayList;
import java.util.List;

/** What {@code --json} prints. */
final class TourReport {

  /**
   * One step.
   *
   * @param ok whether it did what it should
   */
  public record Step(String name, double seconds, boolean ok) {}

  private final List<Step> steps = new ArrayList<>();
  private double accuracyBefore;
  private double accuracyAfter;
  private double readySeconds;
  private long residentMiB;

  void step(String name, double seconds, boolean ok) {
    steps.add(new Step(name, seconds, ok));
  }

  void accuracyBefore(double accuracy) {
    accuracyBefore = accuracy;
  }

  void accuracyAfter(double accuracy) {
    accuracyAfter = accuracy;
  }

  void platform(double readySeconds, long residentMiB) {
    this.readySeconds = readySeconds;
    this.residentMiB = residentMiB;
  }

  boolean ok() {
    return steps.stream().allMatch(Step::ok);
  }

  public List<Step> getSteps() {
    return List.copyOf(steps);
  }

  public double getAccuracyBefore() {
    return accuracyBefore;
  }

  public double getAccuracyAfter() {
    return accuracyAfter;
  }

  public double getReadySeconds() {
    return readySeconds;
  }

  public long getResidentMiB() {
    return residentMiB;
  }
}
