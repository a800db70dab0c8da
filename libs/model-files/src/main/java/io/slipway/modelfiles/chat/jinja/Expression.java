package io.slipway.modelfiles.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands for a value. */
sealed interface Expression {

  record Literal(Value value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListLiteral(List<Expression> items) implements Expression {}

  record TupleLiteral(List<Expression> items) implements Expression {}

  record DictLiteral(List<Entry> entries) implements Expression {}

  /** A key and its value. */
  record Entry(Expression key, Expression value) {}

  record Negated(Expression operand) implements Expression {}

  record Positive(Expression operand) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Binary(String operator, Expression left, Expression right) implements Expression {}

  /** A chain as in {@code 1 < x < 3}. */
  record Comparison(Expression first, List<Operand> operands) implements Expression {}

  /** An operator and what stands on its right. */
  record Operand(String operator, Expression expression) {}

  record Concatenation(List<Expression> parts) implements Expression {}

  record Conditional(Expression test, Expression then, Optional<Expression> otherwise)
      implements Expression {}

  record Attribute(Expression target, String name) implements Expression {}

  record Subscript(Expression target, Expression index) implements Expression {}

  record Slice(
      Expression target,
      Optional<Expression> start,
      Optional<Expression> stop,
      Optional<Expression> step)
      implements Expression {}

  record Call(Expression callee, ArgumentList arguments) implements Expression {}

  record Filter(Expression target, String name, ArgumentList arguments) implements Expression {}

  record Test(Expression target, String name, ArgumentList arguments) implements Expression {}

  /**
   * @param list more positional ones, from {@code *expression}
   * @param dict more named ones, from {@code **expression}
   */
  record ArgumentList(
      List<Expression> positional,
      Map<String, Expression> named,
      Optional<Expression> list,
      Optional<Expression> dict) {

    static final ArgumentList NONE =
        new ArgumentList(List.of(), Map.of(), Optional.empty(), Optional.empty());
  }
}
