package io.slipway.models.runtime;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Who frees native memory. Everything that libtorch hands out inside a scope is released when the
 * scope ends; a unit of work on a {@link ComputeExecutor} is one. What has to live longer (weights,
 * optimizer state) is {@linkplain #keep kept} by an owner, which {@linkplain #release releases} it
 * when it is closed.
 */
public final class Scope {

  private Scope() {}

  /** Runs work in a scope of its own; only its result survives, in the scope around it. */
  public static <P extends Pointer> P result(Supplier<P> work) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope inner = new PointerScope()) {
      P result = work.get();
      if (outer == null) {
        result.retainReference();
      } else {
        outer.attach(result);
      }
      return result;
    }
  }

  /** Frees what was made in this scope before it ends; nobody may use it any more. */
  public static void free(Pointer pointer) {
    PointerScope scope = PointerScope.getInnerScope();
    if (scope == null) {
      pointer.releaseReference();
    } else {
      scope.detach(pointer);
    }
  }

  /** Lets a pointer outlive its scope; the caller owns it from here. */
  public static <P extends Pointer> P keep(P pointer) {
    pointer.retainReference();
    return pointer;
  }

  /** Gives up what was kept. */
  public static void release(Pointer pointer) {
    pointer.releaseReference();
  }
}
