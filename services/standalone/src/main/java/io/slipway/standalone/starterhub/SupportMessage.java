package io.slipway.standalone.starterhub;

import java.util.Locale;

/** What a customer wrote, and the team that it was given to. */
public record SupportMessage(String text, SupportTeam team) {

  /** Equal for two messages that differ in nothing but digits, case, blanks and punctuation. */
  String essence() {
    return text.toLowerCase(Locale.ROOT).replaceAll("[0-9]+", "0").replaceAll("[^a-z0äöüß]", "");
  }
}
