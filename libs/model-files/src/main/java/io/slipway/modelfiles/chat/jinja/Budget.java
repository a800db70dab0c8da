package io.slipway.modelfiles.chat.jinja;

/** What is left of the {@link Limits} of one rendering. */
final class Budget {

  private final Limits limits;
  private long work;
  private int depth;

  Budget(Limits limits) {
    this.limits = limits;
  }

  /** Called before the work is done, so that what is too much is never made. */
  void spend(long units) {
    work += units;
    if (work > limits.work() || work < 0) {
      throw TemplateException.limit(
          "the template needs more than the %d steps that it may take".formatted(limits.work()));
    }
  }

  /** Called for every level of nesting; {@link #leave} follows. */
  void enter() {
    spend(1);
    depth++;
    if (depth > limits.depth()) {
      throw TemplateException.limit(
          "the template nests deeper than the %d levels that it may".formatted(limits.depth()));
    }
  }

  void leave() {
    depth--;
  }

  /** Adds to a text that is being rendered. */
  void write(StringBuilder output, String text) {
    spend(text.length());
    if ((long) output.length() + text.length() > limits.output()) {
      throw TemplateException.limit(
          "the template renders more than the %d characters that it may"
              .formatted(limits.output()));
    }
    output.append(text);
  }
}
