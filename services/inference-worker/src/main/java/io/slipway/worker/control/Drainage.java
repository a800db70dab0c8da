package io.slipway.worker.control;

import io.slipway.worker.WorkerProperties;
import io.slipway.worker.model.Gate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** The end of a worker: nothing new, and what was accepted is answered. */
@Component
public class Drainage {

  private static final Logger log = LoggerFactory.getLogger(Drainage.class);

  private final Gate requests = new Gate();
  private final WorkerProperties properties;
  private final ApplicationEventPublisher events;

  Drainage(WorkerProperties properties, ApplicationEventPublisher events) {
    this.properties = properties;
    this.events = events;
  }

  /** All requests of this worker. */
  public Gate requests() {
    return requests;
  }

  /** From now on requests are refused. */
  void begin() {
    requests.close();
    AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
  }

  /** Waits for those that were accepted before. */
  void await() {
    try {
      if (!requests.awaitEmpty(properties.drainPatience())) {
        log.warn(
            "{} requests have not ended within {}", requests.inside(), properties.drainPatience());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
