package io.slipway.models;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ModifierSupport;

/**
 * Fills a static field with a {@link ComputeExecutor} on the CPU: there before the first test of
 * the class and whatever else is made ready, closed when all of it is over.
 *
 * <p>Memory that a tensor has not written yet holds NaN, so that a test fails wherever a result
 * depends on it; outside of tests it holds what was there before, most often harmless numbers.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnCpu.Executors.class)
public @interface OnCpu {

  /** How many threads an operator may use. */
  int threads() default 2;

  /** The executors of one class. */
  final class Executors implements BeforeAllCallback, AfterAllCallback {

    private final List<ComputeExecutor> started = new ArrayList<>();

    @Override
    public void beforeAll(ExtensionContext context) throws IllegalAccessException {
      for (Field field :
          AnnotationSupport.findAnnotatedFields(
              context.getRequiredTestClass(), OnCpu.class, ModifierSupport::isStatic)) {
        var executor =
            new ComputeExecutor(ComputeDevice.CPU, field.getAnnotation(OnCpu.class).threads());
        started.add(executor);
        poison();
        field.setAccessible(true);
        field.set(null, executor);
      }
    }

    /** For the whole JVM: libtorch fills memory only where it also chooses its algorithms so. */
    private static void poison() {
      torch.globalContext().setDeterministicAlgorithms(true, false);
      torch.globalContext().setDeterministicFillUninitializedMemory(true);
    }

    @Override
    public void afterAll(ExtensionContext context) {
      started.forEach(ComputeExecutor::close);
    }
  }
}
