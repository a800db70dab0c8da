package io.slipway.kit.identity;

import io.grpc.Context;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a call is made.
 *
 * @param tenant owner of everything that the call makes or sees
 * @param principal what authenticated: {@code apiKeys/{id}}, or {@code services/{name}} for the
 *     platform itself
 */
public record Caller(String tenant, String principal) {

  private static final Context.Key<Caller> KEY = Context.key("slipway-caller");

  /** The caller of the gRPC call, or the owner of the job, that this thread works for. */
  public static Caller current() {
    Caller caller = KEY.get();
    if (caller == null) {
      throw new SlipwayException(ErrorCode.UNAUTHENTICATED, "The call does not say who makes it.");
    }
    return caller;
  }

  static @Nullable Caller currentOrNull() {
    return KEY.get();
  }

  /** The current gRPC context with this caller in it. */
  public Context inContext() {
    return Context.current().withValue(KEY, this);
  }

  /** Does some work as this caller; calls to other services made by it carry the tenant. */
  public <T> T call(Callable<T> work) {
    try {
      return inContext().call(work);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(
          "Work of " + principal + " failed with a checked exception.", e);
    }
  }
}
