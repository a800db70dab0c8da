package io.slipway.standalone.starterhub;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who answers a support message: the classes of the starter dataset. */
public enum SupportTeam {
  BILLING,
  TECHNICAL,
  ACCOUNT,
  SHIPPING;

  /** The class as it is written in files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(SupportTeam::label).toList();
  }
}
