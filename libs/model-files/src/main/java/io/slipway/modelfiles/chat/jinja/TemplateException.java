package io.slipway.modelfiles.chat.jinja;

import java.util.Objects;

/** A template cannot be rendered; {@link #reason()} tells whose fault it is. */
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Stable codes: the name of a constant may be shown to callers. */
  public enum Reason {
    /**
     * The template refused its input by {@code raise_exception}, such as a conversation whose roles
     * do not alternate; the message is the template's own.
     */
    RAISED,
    /** The template's source is not valid, or uses a tag that is not supported. */
    MALFORMED,
    /**
     * The template did something that it cannot do with this input, such as adding text to a list.
     */
    FAILED,
    /** The template did more than the limits allow. */
    LIMIT
  }

  private final Reason reason;

  private TemplateException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static TemplateException raised(String message) {
    return new TemplateException(Reason.RAISED, message);
  }

  static TemplateException malformed(int line, String problem) {
    return new TemplateException(Reason.MALFORMED, "line %d: %s".formatted(line, problem));
  }

  static TemplateException failed(String problem) {
    return new TemplateException(Reason.FAILED, problem);
  }

  static TemplateException limit(String problem) {
    return new TemplateException(Reason.LIMIT, problem);
  }

  /**
   * The same for a failure that knows no line yet; the template's own messages stay as they are.
   */
  TemplateException at(int line) {
    if (reason == Reason.RAISED || reason == Reason.MALFORMED) {
      return this;
    }
    TemplateException located =
        new TemplateException(reason, "line %d: %s".formatted(line, getMessage()));
    located.initCause(this);
    return located;
  }

  public Reason reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
