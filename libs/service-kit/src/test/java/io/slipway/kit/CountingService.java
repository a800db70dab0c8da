package io.slipway.kit;

import com.google.protobuf.Int32Value;
import com.google.protobuf.StringValue;
import io.slipway.events.v1.DatasetRegistered;
import io.slipway.events.v1.Event;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.events.EventInbox;
import io.slipway.kit.events.EventPublisher;
import io.slipway.kit.jobs.JobHandler;
import io.slipway.kit.jobs.JobOutcome;
import io.slipway.kit.jobs.JobRun;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A service whose jobs count up to a number, one every ten milliseconds, and leave one row and one
 * event each. A spec is {@code count:<n>}, {@code unavailable-until:<attempt>} or {@code invalid}.
 */
@SpringBootApplication
public class CountingService {

  public static void main(String[] args) {
    SlipwayService.run(CountingService.class, "kit-test", args);
  }

  @Bean
  JobHandler counting(JdbcClient db, EventPublisher events) {
    return new JobHandler() {
      @Override
      public String collection() {
        return "counts";
      }

      @Override
      public JobOutcome run(JobRun run) throws InterruptedException {
        String[] spec = run.job().spec(StringValue.parser()).getValue().split(":", 2);
        switch (spec[0]) {
          case "invalid" ->
              throw new SlipwayException(ErrorCode.MISSING_COLUMN, "No column \"x\".");
          case "unavailable-until" -> {
            if (run.attempt() < Integer.parseInt(spec[1])) {
              throw new SlipwayException(ErrorCode.UNAVAILABLE, "Not yet.");
            }
          }
          case "count" -> count(run, Integer.parseInt(spec[1]));
          default -> throw new IllegalArgumentException(spec[0]);
        }
        return new JobOutcome(
            Int32Value.of(run.attempt()),
            () -> {
              db.sql("insert into effect values (?, ?)")
                  .params(run.job().name(), run.attempt())
                  .update();
              events.publish(
                  run.job().tenant(),
                  run.job().name(),
                  "test",
                  event -> event.setDatasetRegistered(DatasetRegistered.getDefaultInstance()));
            });
      }
    };
  }

  private static void count(JobRun run, int to) throws InterruptedException {
    var never = new CountDownLatch(1);
    for (int i = 0; i < to; i++) {
      run.report(Int32Value.of(i));
      if (never.await(10, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  @Bean
  Consumer<Event> ledger(EventInbox inbox, JdbcClient db) {
    return event ->
        inbox.consume(
            "ledger",
            event,
            e ->
                db.sql("insert into effect values (?, ?)")
                    .params("event of " + e.getSubject(), 0)
                    .update());
  }
}
