package io.slipway.models.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The settings of the C library under libtorch. Where it is not glibc, those of its allocator are
 * left as they are.
 */
final class CLibrary {

  /** Numbers of malloc.h. */
  private static final int TRIM_THRESHOLD = -1;

  private static final int MMAP_THRESHOLD = -3;
  private static final int ARENA_MAX = -8;
  private static final int LARGEST = 1 << 30;

  private static final FunctionDescriptor SETENV =
      FunctionDescriptor.of(
          ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final FunctionDescriptor MALLOPT =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final FunctionDescriptor MALLOC_TRIM =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);

  private CLibrary() {}

  /** Sets a variable of this process's environment, unless it has one already. */
  static void environment(String name, String value) {
    function("setenv", SETENV)
        .ifPresent(
            setenv -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment key = arena.allocateFrom(name);
                MemorySegment text = arena.allocateFrom(value);
                call(setenv, key, text, 0);
              }
            });
  }

  /**
   * Keeps what is freed for the next allocation instead of handing it back to the system at once: a
   * pass through a model frees and takes megabytes with every operator, and the system clears each
   * page that it hands out anew. {@link NativeMemory#giveBack} hands back what a closed model
   * leaves.
   */
  static void keepFreedMemory() {
    function("mallopt", MALLOPT)
        .ifPresent(
            mallopt -> {
              call(mallopt, ARENA_MAX, 1);
              call(mallopt, MMAP_THRESHOLD, LARGEST);
              call(mallopt, TRIM_THRESHOLD, LARGEST);
            });
  }

  /** Hands free memory back to the system. */
  static void giveBack() {
    function("malloc_trim", MALLOC_TRIM).ifPresent(trim -> call(trim, 0L));
  }

  private static Optional<MethodHandle> function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, descriptor));
  }

  private static void call(MethodHandle function, Object... arguments) {
    try {
      Object ignored = function.invokeWithArguments(arguments);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
