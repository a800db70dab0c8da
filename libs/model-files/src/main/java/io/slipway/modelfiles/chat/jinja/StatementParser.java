package io.slipway.modelfiles.chat.jinja;

import io.slipway.modelfiles.chat.jinja.Statement.MacroDefinition;
import io.slipway.modelfiles.chat.jinja.Statement.Target;
import io.slipway.modelfiles.chat.jinja.Token.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses a whole template. */
final class StatementParser {

  /** What stands in filter chains for the text that they filter; no template can spell it. */
  static final String CAPTURED = "captured text";

  /** Tags of the language that need other templates, which a checkpoint does not have. */
  private static final Set<String> UNSUPPORTED =
      Set.of("extends", "block", "include", "import", "from", "autoescape", "do", "trans");

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  /** Loops around what is parsed, within the same macro. */
  private int loops;

  private StatementParser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  static List<Statement> parse(String source) {
    TokenStream tokens = new TokenStream(Lexer.tokens(source));
    return new StatementParser(tokens).body(Set.of());
  }

  /** Statements up to a tag with one of these names, which is left unread behind its opening. */
  private List<Statement> body(Set<String> ends) {
    tokens.enter();
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      switch (token.type()) {
        case DATA -> statements.add(new Statement.Data(tokens.next().text()));
        case PRINT_BEGIN -> {
          tokens.next();
          statements.add(new Statement.Print(expressions.tuple(), token.line()));
          tokens.expect(Type.PRINT_END, "}}");
        }
        case BLOCK_BEGIN -> {
          tokens.next();
          if (ends.contains(tokens.current().text()) && tokens.current().type() == Type.NAME) {
            tokens.leave();
            return statements;
          }
          statements.addAll(statement());
          tokens.expect(Type.BLOCK_END, "%}");
        }
        case END -> {
          if (!ends.isEmpty()) {
            throw tokens.unexpected(String.join(" or ", ends.stream().sorted().toList()));
          }
          return statements;
        }
        case BLOCK_END, PRINT_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
            throw tokens.unexpected("text or a tag");
      }
    }
  }

  /** A body and the name of the tag that ends it. */
  private List<Statement> bodyUntil(String end) {
    tokens.expect(Type.BLOCK_END, "%}");
    List<Statement> statements = body(Set.of(end));
    tokens.next();
    return statements;
  }

  private List<Statement> statement() {
    int line = tokens.current().line();
    String tag = tokens.expect(Type.NAME, "the name of a tag").text();
    return switch (tag) {
      case "if" -> List.of(ifStatement(line));
      case "for" -> List.of(forStatement(line));
      case "set" -> List.of(setStatement(line));
      case "macro" -> List.of(new Statement.DefineMacro(macro()));
      case "call" -> List.of(callBlock(line));
      case "filter" -> {
        Expression filtered = filterChain(expressions.filter(new Expression.Name(CAPTURED)));
        yield List.of(new Statement.FilterBlock(filtered, bodyUntil("endfilter"), line));
      }
      case "with" -> List.of(with(line));
      case "print" -> {
        List<Statement> prints = new ArrayList<>();
        do {
          prints.add(new Statement.Print(expressions.expression(), line));
        } while (tokens.skipOperator(","));
        yield prints;
      }
      case "generation" -> List.of(new Statement.Generation(bodyUntil("endgeneration")));
      case "break" -> List.of(insideLoop(new Statement.Break(), tag));
      case "continue" -> List.of(insideLoop(new Statement.Continue(), tag));
      default ->
          throw TemplateException.malformed(
              line,
              UNSUPPORTED.contains(tag)
                  ? "the tag '%s' is not supported".formatted(tag)
                  : "unknown tag '%s'".formatted(tag));
    };
  }

  private Statement insideLoop(Statement statement, String tag) {
    if (loops == 0) {
      throw tokens.malformed("'%s' outside of a loop".formatted(tag));
    }
    return statement;
  }

  private Statement ifStatement(int line) {
    List<Statement.Branch> branches = new ArrayList<>();
    int branchLine = line;
    while (true) {
      Expression test = expressions.tupleWithoutCondition();
      tokens.expect(Type.BLOCK_END, "%}");
      List<Statement> body = body(Set.of("elif", "else", "endif"));
      branches.add(new Statement.Branch(test, body, branchLine));
      Token end = tokens.next();
      if (end.isName("endif")) {
        return new Statement.If(branches, List.of());
      }
      if (end.isName("else")) {
        return new Statement.If(branches, bodyUntil("endif"));
      }
      branchLine = end.line();
    }
  }

  private Statement forStatement(int line) {
    Target target = target(false);
    tokens.expectName("in");
    Expression elements = expressions.tupleWithoutCondition();
    Optional<Expression> filter =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    if (tokens.current().isName("recursive")) {
      throw tokens.malformed("recursive loops are not supported");
    }
    tokens.expect(Type.BLOCK_END, "%}");
    loops++;
    List<Statement> body = body(Set.of("else", "endfor"));
    loops--;
    List<Statement> otherwise = tokens.next().isName("else") ? bodyUntil("endfor") : List.of();
    return new Statement.For(target, elements, filter, body, otherwise, line);
  }

  private Statement setStatement(int line) {
    Target target = target(true);
    if (tokens.skipOperator("=")) {
      return new Statement.Assign(target, expressions.tuple(), line);
    }
    Expression filtered = filterChain(new Expression.Name(CAPTURED));
    return new Statement.Capture(target, filtered, bodyUntil("endset"), line);
  }

  private Expression filterChain(Expression target) {
    Expression filtered = target;
    while (tokens.skipOperator("|")) {
      filtered = expressions.filter(filtered);
    }
    return filtered;
  }

  private Target target(boolean withNamespaces) {
    tokens.enter();
    List<Target> targets = new ArrayList<>();
    boolean several = false;
    while (tokens.current().isOperator("(")
        || (tokens.current().type() == Type.NAME && !tokens.current().isName("in"))) {
      targets.add(singleTarget(withNamespaces));
      if (!tokens.skipOperator(",")) {
        break;
      }
      several = true;
    }
    tokens.leave();
    if (targets.isEmpty()) {
      throw tokens.unexpected("a name to assign to");
    }
    return several ? new Target.Several(targets) : targets.getFirst();
  }

  private Target singleTarget(boolean withNamespaces) {
    if (tokens.skipOperator("(")) {
      Target inner = target(withNamespaces);
      tokens.expectOperator(")");
      return inner;
    }
    String name = tokens.next().text();
    if (Set.of("true", "True", "false", "False", "none", "None").contains(name)) {
      throw tokens.malformed("'%s' cannot be assigned to".formatted(name));
    }
    if (withNamespaces && tokens.skipOperator(".")) {
      return new Target.NamespaceAttribute(name, tokens.expect(Type.NAME, "a name").text());
    }
    return new Target.Variable(name);
  }

  private MacroDefinition macro() {
    String name = tokens.expect(Type.NAME, "the name of a macro").text();
    List<Statement.Parameter> parameters = parameters();
    return definition(name, parameters, "endmacro");
  }

  private MacroDefinition definition(
      String name, List<Statement.Parameter> parameters, String end) {
    int begin = tokens.position();
    int outerLoops = loops;
    loops = 0;
    List<Statement> body = bodyUntil(end);
    loops = outerLoops;
    return new MacroDefinition(name, parameters, body, tokens.namesSince(begin));
  }

  private List<Statement.Parameter> parameters() {
    tokens.expectOperator("(");
    List<Statement.Parameter> parameters = new ArrayList<>();
    while (!tokens.current().isOperator(")")) {
      String name = tokens.expect(Type.NAME, "the name of a parameter").text();
      Optional<Expression> absent =
          tokens.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
      if (absent.isEmpty() && !parameters.isEmpty() && parameters.getLast().absent().isPresent()) {
        throw tokens.malformed(
            "the parameter '%s' needs a default, since one before it has one".formatted(name));
      }
      parameters.add(new Statement.Parameter(name, absent));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator(")");
    return parameters;
  }

  private Statement callBlock(int line) {
    List<Statement.Parameter> parameters =
        tokens.current().isOperator("(") ? parameters() : List.of();
    if (expressions.expression() instanceof Expression.Call call) {
      return new Statement.CallBlock(call, definition("caller", parameters, "endcall"), line);
    }
    throw tokens.malformed("expected the call of a macro");
  }

  private Statement with(int line) {
    List<Statement.Assign> assignments = new ArrayList<>();
    while (tokens.current().type() != Type.BLOCK_END) {
      Target target = new Target.Variable(tokens.expect(Type.NAME, "a name").text());
      tokens.expectOperator("=");
      assignments.add(new Statement.Assign(target, expressions.expression(), line));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    return new Statement.With(assignments, bodyUntil("endwith"));
  }
}
