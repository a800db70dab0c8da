package io.slipway.modelfiles.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop and what its body can ask of it. Elements are taken one by one, and one ahead only where
 * the body asks what comes next, since a filter of the loop may depend on what the body does.
 */
final class Loop implements Value {

  private Iterator<Value> elements;
  private int length;
  private int index0 = -1;
  private @Nullable Value before;
  private @Nullable Value current;
  private @Nullable Value after;
  private @Nullable List<Value> changed;

  /**
   * @param length number of elements; negative where it is not known yet
   */
  Loop(Iterator<Value> elements, int length) {
    this.elements = elements;
    this.length = length;
  }

  boolean hasNext() {
    return after != null || elements.hasNext();
  }

  Value next() {
    Value next = after == null ? elements.next() : after;
    after = null;
    index0++;
    before = current;
    current = next;
    return next;
  }

  int length() {
    if (length < 0) {
      List<Value> rest = new ArrayList<>();
      elements.forEachRemaining(rest::add);
      elements = rest.iterator();
      length = rest.size() + index0 + 1 + (after == null ? 0 : 1);
    }
    return length;
  }

  private @Nullable Value ahead() {
    if (after == null && elements.hasNext()) {
      after = elements.next();
    }
    return after;
  }

  Value attribute(String name, Ordering ordering) {
    return switch (name) {
      case "index" -> Int.of(index0 + 1);
      case "index0" -> Int.of(index0);
      case "revindex" -> Int.of(length() - index0);
      case "revindex0" -> Int.of(length() - index0 - 1);
      case "first" -> Value.of(index0 == 0);
      case "last" -> Value.of(ahead() == null);
      case "length" -> Int.of(length());
      // Only recursive loops, which are not supported, are deeper.
      case "depth" -> Int.of(1);
      case "depth0" -> Int.of(0);
      case "previtem" -> before == null ? new Undefined("there is no previous item") : before;
      case "nextitem" -> {
        Value next = ahead();
        yield next == null ? new Undefined("there is no next item") : next;
      }
      case "cycle" -> new Function("cycle", this::cycle);
      case "changed" -> new Function("changed", arguments -> changed(arguments, ordering));
      default -> new Undefined("'LoopContext object' has no attribute '%s'".formatted(name));
    };
  }

  private Value cycle(Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw TemplateException.failed("no items for cycling given");
    }
    return arguments.positional().get(index0 % arguments.positional().size());
  }

  private Value changed(Arguments arguments, Ordering ordering) {
    List<Value> values = arguments.positional();
    boolean same = changed != null && ordering.equal(Sequence.list(changed), Sequence.list(values));
    changed = values;
    return Value.of(!same);
  }
}
