package io.slipway.modelfiles.chat.jinja;

import io.slipway.modelfiles.chat.jinja.Expression.ArgumentList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives expressions their values. */
final class Evaluator {

  private final Budget budget;
  private final Arithmetic arithmetic;
  private final Ordering ordering;
  private final PythonText python;
  private final Access access;
  private final Filters filters;
  private final Checks checks;

  Evaluator(Budget budget) {
    this.budget = budget;
    this.arithmetic = new Arithmetic(budget);
    this.ordering = new Ordering(budget);
    this.python = new PythonText(budget);
    this.access = new Access(budget);
    this.checks = new Checks(budget);
    this.filters = new Filters(budget, checks);
  }

  Value evaluate(Expression expression, Frame frame) {
    budget.enter();
    Value value =
        switch (expression) {
          case Expression.Literal literal -> literal.value();
          case Expression.Name name -> frame.get(name.name());
          case Expression.ListLiteral list -> Value.Sequence.list(all(list.items(), frame));
          case Expression.TupleLiteral tuple ->
              Value.Sequence.of(Value.Kind.TUPLE, all(tuple.items(), frame));
          case Expression.DictLiteral dict -> dict(dict, frame);
          case Expression.Negated(Expression operand) ->
              Arithmetic.negated(evaluate(operand, frame));
          case Expression.Positive(Expression operand) -> positive(evaluate(operand, frame));
          case Expression.Not(Expression operand) -> Value.of(!isTrue(operand, frame));
          case Expression.And(Expression left, Expression right) -> {
            Value first = evaluate(left, frame);
            yield Ordering.isTrue(first) ? evaluate(right, frame) : first;
          }
          case Expression.Or(Expression left, Expression right) -> {
            Value first = evaluate(left, frame);
            yield Ordering.isTrue(first) ? first : evaluate(right, frame);
          }
          case Expression.Binary(String operator, Expression left, Expression right) ->
              arithmetic.apply(operator, evaluate(left, frame), evaluate(right, frame));
          case Expression.Comparison comparison -> Value.of(holds(comparison, frame));
          case Expression.Concatenation concatenation -> concatenated(concatenation, frame);
          case Expression.Conditional conditional -> conditional(conditional, frame);
          case Expression.Attribute(Expression target, String name) ->
              access.attribute(evaluate(target, frame), name);
          case Expression.Subscript(Expression target, Expression index) ->
              access.element(evaluate(target, frame), evaluate(index, frame));
          case Expression.Slice slice ->
              access.slice(
                  evaluate(slice.target(), frame),
                  bound(slice.start(), frame),
                  bound(slice.stop(), frame),
                  bound(slice.step(), frame));
          case Expression.Call call ->
              call(evaluate(call.callee(), frame), arguments(call.arguments(), frame));
          case Expression.Filter filter ->
              filters.apply(
                  filter.name(),
                  evaluate(filter.target(), frame),
                  arguments(filter.arguments(), frame));
          case Expression.Test test ->
              Value.of(
                  checks.holds(
                      test.name(),
                      evaluate(test.target(), frame),
                      arguments(test.arguments(), frame)));
        };
    budget.leave();
    return value;
  }

  boolean isTrue(Expression expression, Frame frame) {
    return Ordering.isTrue(evaluate(expression, frame));
  }

  String text(Value value) {
    return python.str(value);
  }

  Value call(Value callee, Arguments arguments) {
    return switch (callee) {
      case Value.Callable callable -> callable.call(arguments);
      case Value.Undefined undefined -> throw undefined.error();
      default ->
          throw TemplateException.failed(
              "'%s' object is not callable".formatted(PythonText.typeName(callee)));
    };
  }

  Arguments arguments(ArgumentList list, Frame frame) {
    List<Value> positional = all(list.positional(), frame);
    Map<String, Value> named = new LinkedHashMap<>();
    list.named().forEach((name, value) -> named.put(name, evaluate(value, frame)));
    if (list.list().isPresent()) {
      positional.addAll(Iteration.all(evaluate(list.list().get(), frame), budget));
    }
    if (list.dict().isPresent()) {
      if (!(evaluate(list.dict().get(), frame) instanceof Value.Dict dict)) {
        throw TemplateException.failed("the argument after ** must be a mapping");
      }
      dict.entries().forEach((name, value) -> named.put(python.str(name), value));
    }
    return new Arguments(positional, named);
  }

  private List<Value> all(List<Expression> expressions, Frame frame) {
    List<Value> values = new ArrayList<>();
    for (Expression expression : expressions) {
      values.add(evaluate(expression, frame));
    }
    return values;
  }

  private Value dict(Expression.DictLiteral dict, Frame frame) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    for (Expression.Entry entry : dict.entries()) {
      Value key = Value.Dict.key(evaluate(entry.key(), frame));
      entries.put(key, evaluate(entry.value(), frame));
    }
    return Value.Dict.of(entries);
  }

  private static Value positive(Value value) {
    if (Arithmetic.isNumber(value)) {
      return value instanceof Value.Bool ? Arithmetic.absolute(value) : value;
    }
    throw TemplateException.failed(
        "bad operand type for unary +: '%s'".formatted(PythonText.typeName(value)));
  }

  private boolean holds(Expression.Comparison comparison, Frame frame) {
    Value left = evaluate(comparison.first(), frame);
    Iterator<Expression.Operand> operands = comparison.operands().iterator();
    while (operands.hasNext()) {
      Expression.Operand operand = operands.next();
      Value right = evaluate(operand.expression(), frame);
      boolean holds =
          switch (operand.operator()) {
            case "==" -> ordering.equal(left, right);
            case "!=" -> !ordering.equal(left, right);
            case "<" -> ordering.compare(left, right) < 0;
            case "<=" -> ordering.compare(left, right) <= 0;
            case ">" -> ordering.compare(left, right) > 0;
            case ">=" -> ordering.compare(left, right) >= 0;
            case "in" -> ordering.contains(right, left);
            default -> !ordering.contains(right, left);
          };
      if (!holds) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Value concatenated(Expression.Concatenation concatenation, Frame frame) {
    StringBuilder text = new StringBuilder();
    for (Expression part : concatenation.parts()) {
      budget.write(text, python.str(evaluate(part, frame)));
    }
    return Value.of(text.toString());
  }

  private Value conditional(Expression.Conditional conditional, Frame frame) {
    if (isTrue(conditional.test(), frame)) {
      return evaluate(conditional.then(), frame);
    }
    Optional<Expression> otherwise = conditional.otherwise();
    return otherwise.isPresent()
        ? evaluate(otherwise.get(), frame)
        : new Value.Undefined(
            "the inline if-expression evaluated to false and no else section was defined.");
  }

  private Value bound(Optional<Expression> bound, Frame frame) {
    return bound.isPresent() ? evaluate(bound.get(), frame) : Value.None.NONE;
  }
}
