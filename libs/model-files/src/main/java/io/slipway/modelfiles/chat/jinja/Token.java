package io.slipway.modelfiles.chat.jinja;

/**
 * A piece of a source.
 *
 * @param text of data and strings what they stand for, of names, numbers and operators the source
 * @param line counted from 1
 */
record Token(Type type, String text, int line) {

  enum Type {
    /** What stands outside of tags. */
    DATA,
    BLOCK_BEGIN,
    BLOCK_END,
    PRINT_BEGIN,
    PRINT_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean isName(String name) {
    return type == Type.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return type == Type.OPERATOR && text.equals(operator);
  }

  /** For error messages. */
  String description() {
    return switch (type) {
      case BLOCK_BEGIN -> "{%";
      case BLOCK_END -> "%}";
      case PRINT_BEGIN -> "{{";
      case PRINT_END -> "}}";
      case END -> "the end of the template";
      case DATA -> "text";
      case NAME, STRING, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
    };
  }
}
