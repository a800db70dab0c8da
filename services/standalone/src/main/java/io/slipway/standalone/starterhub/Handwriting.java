package io.slipway.standalone.starterhub;

import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** How people type: in a hurry, in small letters, with abbreviations and slips of the finger. */
final class Handwriting {
  private static final double SLIPS = 0.25;
  private static final double ABBREVIATIONS = 0.15;
  private static final double SMALL_LETTERS = 0.2;
  private static final double CAPITALS = 0.03;
  private static final double NO_PUNCTUATION = 0.1;

  private static final Pattern WORD = Pattern.compile("\\b[A-Za-z]+\\b");
  private static final Map<String, String> SHORT =
      Map.of(
          "please",
          "pls",
          "you",
          "u",
          "your",
          "ur",
          "because",
          "bc",
          "message",
          "msg",
          "information",
          "info",
          "thanks",
          "thx",
          "are",
          "r",
          "cannot",
          "cant",
          "before",
          "b4");

  private Handwriting() {}

  static String of(String text, Random random) {
    String written = text;
    if (random.nextDouble() < ABBREVIATIONS) {
      written =
          WORD.matcher(written)
              .replaceAll(
                  word -> SHORT.getOrDefault(word.group().toLowerCase(Locale.ROOT), word.group()));
    }
    if (random.nextDouble() < SLIPS) {
      int slips = 1 + random.nextInt(3);
      for (int i = 0; i < slips; i++) {
        written = withSlip(written, random);
      }
    }
    if (random.nextDouble() < NO_PUNCTUATION) {
      written = written.replaceAll("[.,!?:]( |$)", "$1").strip();
    }
    double letters = random.nextDouble();
    if (letters < SMALL_LETTERS) {
      return written.toLowerCase(Locale.ROOT);
    }
    return letters < SMALL_LETTERS + CAPITALS ? written.toUpperCase(Locale.ROOT) : written;
  }

  /** Swaps two letters, drops one, doubles one or hits a neighbour of it. */
  private static String withSlip(String text, Random random) {
    int at = 1 + random.nextInt(text.length() - 2);
    char here = text.charAt(at);
    char next = text.charAt(at + 1);
    if (!Character.isLetter(here) || !Character.isLetter(next)) {
      return text;
    }
    String before = text.substring(0, at);
    String after = text.substring(at + 1);
    return switch (random.nextInt(4)) {
      case 0 -> before + next + here + text.substring(at + 2);
      case 1 -> before + after;
      case 2 -> before + here + here + after;
      default -> before + (char) (here == 'z' || here == 'Z' ? here - 1 : here + 1) + after;
    };
  }
}
