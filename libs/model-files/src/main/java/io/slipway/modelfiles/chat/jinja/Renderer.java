package io.slipway.modelfiles.chat.jinja;

import io.slipway.modelfiles.chat.jinja.Rendered.Span;
import io.slipway.modelfiles.chat.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Does what the statements of a template say; for one rendering. */
final class Renderer {

  /** How a body ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Budget budget;
  private final Evaluator evaluator;
  private final StringBuilder result = new StringBuilder();
  private final List<Span> generated = new ArrayList<>();
  private StringBuilder output = result;
  private int line = 1;

  Renderer(Budget budget) {
    this.budget = budget;
    this.evaluator = new Evaluator(budget);
  }

  Rendered render(List<Statement> template, Frame frame) {
    try {
      run(template, frame);
      return new Rendered(result.toString(), List.copyOf(generated));
    } catch (TemplateException e) {
      throw e.at(line);
    }
  }

  Value evaluate(Expression expression, Frame frame) {
    return evaluator.evaluate(expression, frame);
  }

  /** What a body renders, apart from the result. */
  String capture(List<Statement> body, Frame frame) {
    StringBuilder outer = output;
    output = new StringBuilder();
    run(body, frame);
    String captured = output.toString();
    output = outer;
    return captured;
  }

  private Flow run(List<Statement> body, Frame frame) {
    budget.enter();
    Flow flow = Flow.NEXT;
    for (Statement statement : body) {
      flow = run(statement, frame);
      if (flow != Flow.NEXT) {
        break;
      }
    }
    budget.leave();
    return flow;
  }

  private Flow run(Statement statement, Frame frame) {
    budget.spend(1);
    switch (statement) {
      case Statement.Data data -> budget.write(output, data.text());
      case Statement.Print print -> {
        line = print.line();
        budget.write(output, evaluator.text(evaluate(print.expression(), frame)));
      }
      case Statement.If choice -> {
        return choose(choice, frame);
      }
      case Statement.For loop -> loop(loop, frame);
      case Statement.Assign assign -> {
        line = assign.line();
        assign(assign.target(), evaluate(assign.value(), frame), frame);
      }
      case Statement.Capture capture ->
          assign(capture.target(), filtered(capture.body(), capture.filtered(), frame), frame);
      case Statement.FilterBlock block ->
          budget.write(output, evaluator.text(filtered(block.body(), block.filtered(), frame)));
      case Statement.DefineMacro definition ->
          frame.set(definition.macro().name(), new Macro(definition.macro(), frame, this));
      case Statement.CallBlock block -> call(block, frame);
      case Statement.With with -> {
        Frame inner = frame.inner();
        for (Statement.Assign assign : with.assignments()) {
          assign(assign.target(), evaluate(assign.value(), frame), inner);
        }
        return run(with.body(), inner);
      }
      case Statement.Generation generation -> {
        int begin = output.length();
        run(generation.body(), frame.inner());
        if (output == result) {
          generated.add(new Span(begin, output.length()));
        }
      }
      case Statement.Break stop -> {
        return Flow.BREAK;
      }
      case Statement.Continue next -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private Flow choose(Statement.If choice, Frame frame) {
    for (Statement.Branch branch : choice.branches()) {
      line = branch.line();
      if (evaluator.isTrue(branch.test(), frame)) {
        return run(branch.body(), frame);
      }
    }
    return run(choice.otherwise(), frame);
  }

  private void loop(Statement.For statement, Frame frame) {
    line = statement.line();
    Value elements = evaluate(statement.elements(), frame);
    Iterator<Value> source = Iteration.over(elements);
    boolean filtered = statement.filter().isPresent();
    if (filtered) {
      source = new FilteredElements(source, element -> passes(statement, element, frame));
    }
    boolean counted = !filtered && !(elements instanceof Value.Generator);
    Loop loop = new Loop(source, counted ? Iteration.length(elements) : -1);
    if (!loop.hasNext()) {
      run(statement.otherwise(), frame.inner());
      return;
    }
    while (loop.hasNext()) {
      Frame inner = frame.inner();
      inner.set("loop", loop);
      assign(statement.target(), loop.next(), inner);
      if (run(statement.body(), inner) == Flow.BREAK) {
        break;
      }
    }
  }

  private boolean passes(Statement.For statement, Value element, Frame frame) {
    Frame inner = frame.inner();
    assign(statement.target(), element, inner);
    return evaluator.isTrue(statement.filter().orElseThrow(), inner);
  }

  private Value filtered(List<Statement> body, Expression filters, Frame frame) {
    Frame inner = frame.inner();
    inner.set(StatementParser.CAPTURED, Value.of(capture(body, frame.inner())));
    return evaluate(filters, inner);
  }

  private void call(Statement.CallBlock block, Frame frame) {
    line = block.line();
    Arguments arguments = evaluator.arguments(block.call().arguments(), frame);
    arguments.named().put("caller", new Macro(block.body(), frame, this));
    Value called = evaluator.call(evaluate(block.call().callee(), frame), arguments);
    budget.write(output, evaluator.text(called));
  }

  private void assign(Target target, Value value, Frame frame) {
    switch (target) {
      case Target.Variable variable -> frame.set(variable.name(), value);
      case Target.NamespaceAttribute attribute -> {
        if (!(frame.get(attribute.namespace()) instanceof Value.Namespace namespace)) {
          throw TemplateException.failed("cannot assign attribute on non-namespace object");
        }
        namespace.attributes().put(attribute.attribute(), value);
      }
      case Target.Several several -> {
        List<Value> values = Iteration.all(value, budget);
        if (values.size() != several.targets().size()) {
          throw TemplateException.failed(
              "%d values to unpack (expected %d)"
                  .formatted(values.size(), several.targets().size()));
        }
        for (int i = 0; i < values.size(); i++) {
          assign(several.targets().get(i), values.get(i), frame);
        }
      }
    }
  }
}
