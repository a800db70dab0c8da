package io.slipway.modelfiles.chat.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What filters take as an attribute: {@code "a.b.0"}, or an index.
 *
 * @param absent what stands for what is not there; empty for undefined
 */
record AttributePath(List<Value> parts, Optional<Value> absent, Access access) {

  private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

  static AttributePath of(Value attribute, Budget budget) {
    return of(attribute, Optional.empty(), budget);
  }

  static AttributePath of(Value attribute, Optional<Value> absent, Budget budget) {
    List<Value> parts = new ArrayList<>();
    if (attribute instanceof Value.Text text) {
      for (String part : Arrays.asList(text.value().split("\\.", -1))) {
        parts.add(
            INDEX.matcher(part).matches() ? Value.Int.of(Integer.parseInt(part)) : Value.of(part));
      }
    } else {
      parts.add(attribute);
    }
    return new AttributePath(parts, absent, new Access(budget));
  }

  Value in(Value item) {
    Value found = item;
    for (Value part : parts) {
      found = access.element(found, part);
      if (found instanceof Value.Undefined && absent.isPresent()) {
        found = absent.get();
      }
    }
    return found;
  }
}
