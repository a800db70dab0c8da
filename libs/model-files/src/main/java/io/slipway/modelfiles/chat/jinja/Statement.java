package io.slipway.modelfiles.chat.jinja;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a template does; {@code line} is where it stands, from 1. */
sealed interface Statement {

  record Data(String text) implements Statement {}

  record Print(Expression expression, int line) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  /** What is done if a test holds and none before it did. */
  record Branch(Expression test, List<Statement> body, int line) {}

  record For(
      Target target,
      Expression elements,
      Optional<Expression> filter,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  record Assign(Target target, Expression value, int line) implements Statement {}

  /** Assigns what its body renders, filtered. */
  record Capture(Target target, Expression filtered, List<Statement> body, int line)
      implements Statement {}

  record DefineMacro(MacroDefinition macro) implements Statement {}

  /** Calls a macro that may call the body. */
  record CallBlock(Expression.Call call, MacroDefinition body, int line) implements Statement {}

  /** Prints what its body renders, filtered. */
  record FilterBlock(Expression filtered, List<Statement> body, int line) implements Statement {}

  record With(List<Assign> assignments, List<Statement> body) implements Statement {}

  /** Marks what an assistant has said, for training on nothing else. */
  record Generation(List<Statement> body) implements Statement {}

  record Break() implements Statement {}

  record Continue() implements Statement {}

  /**
   * @param names all that the body mentions; a macro takes arguments without parameters only where
   *     it mentions {@code varargs} or {@code kwargs}
   */
  record MacroDefinition(
      String name, List<Parameter> parameters, List<Statement> body, Set<String> names) {

    boolean uses(String variable) {
      return names.contains(variable);
    }
  }

  record Parameter(String name, Optional<Expression> absent) {}

  /** What is assigned to. */
  sealed interface Target {

    record Variable(String name) implements Target {}

    record NamespaceAttribute(String namespace, String attribute) implements Target {}

    record Several(List<Target> targets) implements Target {}
  }
}
