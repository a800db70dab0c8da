package io.slipway.modelfiles.chat.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The elements of a loop that pass its filter, each tested only when its turn comes. */
final class FilteredElements implements Iterator<Value> {

  private final Iterator<Value> elements;
  private final Predicate<Value> filter;
  private @Nullable Value ahead;

  FilteredElements(Iterator<Value> elements, Predicate<Value> filter) {
    this.elements = elements;
    this.filter = filter;
  }

  @Override
  public boolean hasNext() {
    while (ahead == null && elements.hasNext()) {
      Value next = elements.next();
      if (filter.test(next)) {
        ahead = next;
      }
    }
    return ahead != null;
  }

  @Override
  public Value next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    Value next = ahead;
    ahead = null;
    return next;
  }
}
