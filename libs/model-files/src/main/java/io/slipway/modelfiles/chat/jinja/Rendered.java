package io.slipway.modelfiles.chat.jinja;

import java.util.List;

/**
 * What a template rendered.
 *
 * @param generated what its {@code generation} blocks rendered, in order; empty where it has none
 */
public record Rendered(String text, List<Span> generated) {

  /**
   * A part of the text, in UTF-16 units.
   *
   * @param end exclusive
   */
  public record Span(int begin, int end) {}
}
