package io.slipway.modelfiles.chat.jinja;

import io.slipway.modelfiles.chat.jinja.Expression.ArgumentList;
import io.slipway.modelfiles.chat.jinja.Token.Type;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parses expressions, by one method for each level of precedence. */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> FACTORS = Set.of("*", "/", "//", "%");
  private static final Set<Type> TEST_ARGUMENTS =
      Set.of(Type.NAME, Type.STRING, Type.INTEGER, Type.FLOAT);

  private final TokenStream tokens;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** An expression, or several with commas between them, which are a tuple. */
  Expression tuple() {
    return tuple(false, true);
  }

  /** Like {@link #tuple()}, but {@code if} ends it. */
  Expression tupleWithoutCondition() {
    return tuple(false, false);
  }

  private Expression tuple(boolean mayBeEmpty, boolean conditional) {
    List<Expression> items = new ArrayList<>();
    boolean several = false;
    while (!tupleEnds()) {
      items.add(conditional ? expression() : or());
      if (!tokens.skipOperator(",")) {
        break;
      }
      several = true;
    }
    if (!several && items.size() == 1) {
      return items.getFirst();
    }
    if (items.isEmpty() && !mayBeEmpty) {
      throw tokens.unexpected("an expression");
    }
    return new Expression.TupleLiteral(items);
  }

  private boolean tupleEnds() {
    Token token = tokens.current();
    return token.type() == Type.BLOCK_END
        || token.type() == Type.PRINT_END
        || token.isOperator(")");
  }

  Expression expression() {
    tokens.enter();
    Expression value = or();
    while (tokens.skipName("if")) {
      Expression test = or();
      Optional<Expression> otherwise =
          tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
      value = new Expression.Conditional(test, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    int negations = 0;
    while (tokens.skipName("not")) {
      negations++;
    }
    Expression operand = comparison();
    for (int i = 0; i < negations; i++) {
      operand = new Expression.Not(operand);
    }
    return operand;
  }

  private Expression comparison() {
    Expression first = sum();
    List<Expression.Operand> operands = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      if (token.type() == Type.OPERATOR && COMPARISONS.contains(token.text())) {
        tokens.next();
        operands.add(new Expression.Operand(token.text(), sum()));
      } else if (tokens.skipName("in")) {
        operands.add(new Expression.Operand("in", sum()));
      } else if (token.isName("not") && tokens.following().isName("in")) {
        tokens.next();
        tokens.next();
        operands.add(new Expression.Operand("not in", sum()));
      } else {
        return operands.isEmpty() ? first : new Expression.Comparison(first, operands);
      }
    }
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
      String operator = tokens.next().text();
      left = new Expression.Binary(operator, left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression first = product();
    if (!tokens.current().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expression.Concatenation(parts);
  }

  private Expression product() {
    Expression left = power();
    while (tokens.current().type() == Type.OPERATOR && FACTORS.contains(tokens.current().text())) {
      String operator = tokens.next().text();
      left = new Expression.Binary(operator, left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary();
    while (tokens.skipOperator("**")) {
      left = new Expression.Binary("**", left, unary());
    }
    return left;
  }

  /** Filters apply to what a sign makes, attributes and calls to what stands behind it. */
  private Expression unary() {
    Deque<String> signs = new ArrayDeque<>();
    while (tokens.current().isOperator("-") || tokens.current().isOperator("+")) {
      signs.push(tokens.next().text());
    }
    Expression operand = postfix(primary());
    for (String sign : signs) {
      operand =
          sign.equals("-") ? new Expression.Negated(operand) : new Expression.Positive(operand);
    }
    return filtersAndTests(operand);
  }

  /** A name, a literal, or an expression in brackets. */
  Expression primary() {
    Token token = tokens.current();
    return switch (token.type()) {
      case NAME -> name(tokens.next().text());
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (tokens.current().type() == Type.STRING) {
          text.append(tokens.next().text());
        }
        yield new Expression.Literal(Value.of(text.toString()));
      }
      case INTEGER -> new Expression.Literal(new Value.Int(integer(tokens.next().text())));
      case FLOAT ->
          new Expression.Literal(
              new Value.Real(Double.parseDouble(tokens.next().text().replace("_", ""))));
      case OPERATOR -> bracketed(token);
      case DATA, BLOCK_BEGIN, BLOCK_END, PRINT_BEGIN, PRINT_END, END ->
          throw tokens.unexpected("an expression");
    };
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Literal(Value.of(true));
      case "false", "False" -> new Expression.Literal(Value.of(false));
      case "none", "None" -> new Expression.Literal(Value.None.NONE);
      default -> new Expression.Name(name);
    };
  }

  private BigInteger integer(String source) {
    String digits = source.replace("_", "").toLowerCase(java.util.Locale.ROOT);
    if (digits.length() > Arithmetic.MAX_DIGITS) {
      throw tokens.malformed("a number has more than %d digits".formatted(Arithmetic.MAX_DIGITS));
    }
    if (digits.startsWith("0x")) {
      return new BigInteger(digits.substring(2), 16);
    }
    if (digits.startsWith("0o")) {
      return new BigInteger(digits.substring(2), 8);
    }
    return digits.startsWith("0b")
        ? new BigInteger(digits.substring(2), 2)
        : new BigInteger(digits);
  }

  private Expression bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> {
        tokens.next();
        Expression inner = tuple(true, true);
        tokens.expectOperator(")");
        yield inner;
      }
      case "[" -> {
        tokens.next();
        List<Expression> items = new ArrayList<>();
        while (!tokens.current().isOperator("]")) {
          items.add(expression());
          if (!tokens.skipOperator(",")) {
            break;
          }
        }
        tokens.expectOperator("]");
        yield new Expression.ListLiteral(items);
      }
      case "{" -> dict();
      default -> throw tokens.unexpected("an expression");
    };
  }

  private Expression dict() {
    tokens.next();
    List<Expression.Entry> entries = new ArrayList<>();
    while (!tokens.current().isOperator("}")) {
      Expression key = expression();
      tokens.expectOperator(":");
      entries.add(new Expression.Entry(key, expression()));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator("}");
    return new Expression.DictLiteral(entries);
  }

  private Expression postfix(Expression operand) {
    Expression value = operand;
    while (true) {
      if (tokens.skipOperator(".")) {
        value = attribute(value);
      } else if (tokens.skipOperator("[")) {
        value = subscript(value);
      } else if (tokens.current().isOperator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression attribute(Expression target) {
    Token token = tokens.current();
    if (token.type() == Type.INTEGER) {
      tokens.next();
      return new Expression.Subscript(
          target, new Expression.Literal(new Value.Int(integer(token.text()))));
    }
    return new Expression.Attribute(target, tokens.expect(Type.NAME, "a name or number").text());
  }

  private Expression subscript(Expression target) {
    List<Expression> indices = new ArrayList<>();
    while (true) {
      if (tokens.current().isOperator(":")) {
        return slice(target, Optional.empty());
      }
      Expression index = expression();
      if (tokens.current().isOperator(":")) {
        return slice(target, Optional.of(index));
      }
      indices.add(index);
      if (!tokens.skipOperator(",")) {
        tokens.expectOperator("]");
        return new Expression.Subscript(
            target,
            indices.size() == 1 ? indices.getFirst() : new Expression.TupleLiteral(indices));
      }
    }
  }

  private Expression slice(Expression target, Optional<Expression> start) {
    tokens.expectOperator(":");
    Optional<Expression> stop = sliceBound();
    Optional<Expression> step = tokens.skipOperator(":") ? sliceBound() : Optional.empty();
    tokens.expectOperator("]");
    return new Expression.Slice(target, start, stop, step);
  }

  private Optional<Expression> sliceBound() {
    boolean absent = tokens.current().isOperator(":") || tokens.current().isOperator("]");
    return absent ? Optional.empty() : Optional.of(expression());
  }

  private Expression filtersAndTests(Expression operand) {
    Expression value = operand;
    while (true) {
      if (tokens.skipOperator("|")) {
        value = filter(value);
      } else if (tokens.skipName("is")) {
        value = test(value);
      } else if (tokens.current().isOperator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  /** A filter's name and arguments; the stroke before it has been read. */
  Expression filter(Expression target) {
    String name = tokens.expect(Type.NAME, "the name of a filter").text();
    ArgumentList arguments = tokens.current().isOperator("(") ? arguments() : ArgumentList.NONE;
    return new Expression.Filter(target, name, arguments);
  }

  private Expression test(Expression target) {
    boolean negated = tokens.skipName("not");
    String name = tokens.expect(Type.NAME, "the name of a test").text();
    ArgumentList arguments = ArgumentList.NONE;
    Token token = tokens.current();
    if (token.isOperator("(")) {
      arguments = arguments();
    } else if ((TEST_ARGUMENTS.contains(token.type())
            || token.isOperator("[")
            || token.isOperator("{"))
        && !token.isName("else")
        && !token.isName("or")
        && !token.isName("and")) {
      if (token.isName("is")) {
        throw tokens.malformed("tests cannot be chained");
      }
      arguments =
          new ArgumentList(
              List.of(postfix(primary())), Map.of(), Optional.empty(), Optional.empty());
    }
    Expression test = new Expression.Test(target, name, arguments);
    return negated ? new Expression.Not(test) : test;
  }

  /** Arguments in parentheses. */
  ArgumentList arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Optional<Expression> list = Optional.empty();
    Optional<Expression> dict = Optional.empty();
    while (!tokens.current().isOperator(")")) {
      if (tokens.current().isOperator("*") && list.isEmpty() && dict.isEmpty()) {
        tokens.next();
        list = Optional.of(expression());
      } else if (tokens.current().isOperator("**") && dict.isEmpty()) {
        tokens.next();
        dict = Optional.of(expression());
      } else if (tokens.current().type() == Type.NAME
          && tokens.following().isOperator("=")
          && dict.isEmpty()) {
        String name = tokens.next().text();
        tokens.next();
        named.put(name, expression());
      } else if (named.isEmpty() && list.isEmpty() && dict.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.malformed("arguments without a name follow arguments with one");
      }
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator(")");
    return new ArgumentList(positional, named, list, dict);
  }
}
