package io.slipway.models.runtime;

/** The process's memory outside of the Java heap. */
public final class NativeMemory {

  private NativeMemory() {}

  /**
   * Hands what has been freed back to the system. Otherwise it is kept for the next request, which
   * is right while a model runs, and wrong once it is closed.
   */
  public static void giveBack() {
    CLibrary.giveBack();
  }
}
