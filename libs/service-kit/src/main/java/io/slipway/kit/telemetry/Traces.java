package io.slipway.kit.telemetry;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;

/**
 * Carries a trace over a gap in time: from the command to the job that it made, from the job to its
 * events.
 */
public final class Traces {

  private static final String TRACEPARENT = "traceparent";

  private final Tracer tracer;
  private final Propagator propagator;

  public Traces(Tracer tracer, Propagator propagator) {
    this.tracer = tracer;
    this.propagator = propagator;
  }

  /** W3C trace context of the work at hand; empty outside a trace. */
  public String traceparent() {
    Span span = tracer.currentSpan();
    if (span == null) {
      return "";
    }
    Map<String, String> carrier = new HashMap<>();
    propagator.inject(span.context(), carrier, (_, key, value) -> carrier.put(key, value));
    return carrier.getOrDefault(TRACEPARENT, "");
  }

  /** Does some work as part of the trace that was kept, or of a new one when none was. */
  public void resume(String traceparent, String name, Runnable work) {
    Span.Builder builder =
        traceparent.isEmpty()
            ? tracer.spanBuilder().setNoParent()
            : propagator.extract(
                Map.of(TRACEPARENT, traceparent),
                (_, key) -> key.equals(TRACEPARENT) ? traceparent : null);
    Span span = builder.name(name).start();
    try (var _ = tracer.withSpan(span)) {
      work.run();
    } finally {
      span.end();
    }
  }
}
