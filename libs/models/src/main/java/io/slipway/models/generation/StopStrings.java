package io.slipway.models.generation;

import io.slipway.models.generation.settings.Stopping;
import java.util.List;

/** Looks for stop strings in text that comes in pieces, and holds back what may become one. */
final class StopStrings {

  private final List<String> strings;
  private final boolean keepsString;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopStrings(Stopping stopping) {
    this.strings = stopping.strings();
    this.keepsString = stopping.keepsString();
  }

  /** Whether a stop string has come. */
  boolean found() {
    return found;
  }

  /** Takes a piece of text and gives out what is no part of a stop string. */
  String add(String piece) {
    if (found) {
      return "";
    }
    held.append(piece);
    int first = Integer.MAX_VALUE;
    String stop = "";
    for (String string : strings) {
      int at = held.indexOf(string);
      if (at >= 0 && at < first) {
        first = at;
        stop = string;
      }
    }
    found = first < Integer.MAX_VALUE;
    return give(found ? first + (keepsString ? stop.length() : 0) : held.length() - begun());
  }

  /** Gives out what was held back; no text follows. */
  String finish() {
    return found ? "" : give(held.length());
  }

  private String give(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** Length of the longest end that a stop string begins with. */
  private int begun() {
    int longest = 0;
    for (String string : strings) {
      for (int n = Math.min(string.length() - 1, held.length()); n > longest; n--) {
        if (string.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
