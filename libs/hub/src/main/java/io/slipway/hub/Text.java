package io.slipway.hub;

/** Makes text from elsewhere fit for a message or a log. */
final class Text {

  private static final int MAX_LENGTH = 300;

  private Text() {}

  static String printable(String text) {
    String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    return shown.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }
}
