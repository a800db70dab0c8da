package io.slipway.kit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Int32Value;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.kit.RunningService;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.paging.PageRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JobLifecycleTests {

  private static RunningService service;

  @BeforeAll
  static void start() {
    service = RunningService.start(SharedInfrastructure.newDatabase());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void runsAJobOnceAndKeepsItsResult() {
    Job job = service.submit("", "count:3");

    Job ended = awaitEnd(job);

    assertThat(ended.state()).isInstanceOf(JobState.Succeeded.class);
    assertThat(ended.detail(Int32Value.parser()).getValue()).isEqualTo(1);
    assertThat(service.effects(job.name())).isEqualTo(1);
  }

  @Test
  void makesOneJobOfManySimultaneousRequestsWithOneId() throws Exception {
    Set<String> names = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> requests =
          IntStream.range(0, 8)
              .<Callable<String>>mapToObj(
                  i -> () -> service.submit("one-of-many", "count:1").name())
              .toList();
      for (var request : threads.invokeAll(requests)) {
        names.add(request.get());
      }
    }

    assertThat(names).hasSize(1);
  }

  @Test
  void refusesARequestIdThatWasUsedForAnotherRequest() {
    service.submit("reused", "count:1");

    assertThatThrownBy(() -> service.submit("reused", "count:2"))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_ID_REUSED));
  }

  @Test
  void triesAgainAfterATransientFailure() {
    Job ended = awaitEnd(service.submit("", "unavailable-until:3"));

    assertThat(ended.state()).isInstanceOf(JobState.Succeeded.class);
    assertThat(ended.attempt()).isEqualTo(3);
  }

  @Test
  void givesUpAfterTheLastAttempt() {
    Job ended = awaitEnd(service.submit("", "unavailable-until:1000"));

    assertThat(errorOf(ended)).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(ended.attempt()).isEqualTo(5);
  }

  @Test
  void failsAtOnceWhenTheCallerIsAtFault() {
    Job ended = awaitEnd(service.submit("", "invalid"));

    assertThat(errorOf(ended)).isEqualTo(ErrorCode.MISSING_COLUMN);
    assertThat(ended.attempt()).isEqualTo(1);
    assertThat(service.effects(ended.name())).isZero();
  }

  @Test
  void cancelsARunningJobSoonAndOnlyOnce() {
    Job job = service.submit("", "count:100000");
    await().until(() -> service.job(job.name()).state() instanceof JobState.Running);

    service.cancel(job.name());
    Job ended = awaitEnd(job);
    Job again = service.cancel(job.name());

    assertThat(ended.state()).isInstanceOf(JobState.Cancelled.class);
    assertThat(again.version()).isEqualTo(ended.version());
    assertThat(service.effects(job.name())).isZero();
  }

  @Test
  void findsOnlyJobsOfTheSameTenantAndCollection() {
    Job job = service.submit("", "count:1");
    Jobs jobs = service.bean(Jobs.class);

    assertThatThrownBy(() -> jobs.get("other", "counts", job.name()))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(() -> jobs.get("acme", "counts", "imports/" + job.id()))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void listsEveryJobOnceAcrossPages() {
    IntStream.range(0, 5).forEach(i -> service.submit("", "count:1"));
    Jobs jobs = service.bean(Jobs.class);
    Set<String> seen = new HashSet<>();
    String token = "";
    int total = 0;
    do {
      var page = jobs.list("acme", "counts", PageRequest.of(2, token));
      page.items().forEach(job -> seen.add(job.name()));
      total += page.items().size();
      token = page.nextToken();
    } while (!token.isEmpty());

    assertThat(seen).hasSize(total);
    assertThat(total).isGreaterThanOrEqualTo(5);
  }

  @Test
  void refusesAHelpersWriteForAnAttemptThatNoLongerHoldsTheJob() {
    Job job = service.submit("", "count:100000");
    await().until(() -> service.job(job.name()).state() instanceof JobState.Running);
    Jobs jobs = service.bean(Jobs.class);

    assertThatThrownBy(() -> jobs.change("counts", job.name(), 0, j -> Int32Value.of(7)))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STALE_ATTEMPT));
    service.cancel(job.name());
  }

  @Test
  void putsItsJobsBackWhenTheServiceStops() {
    var database = SharedInfrastructure.newDatabase();
    Job job;
    try (var first = RunningService.start(database)) {
      job = first.submit("", "count:300");
      await().until(() -> first.job(job.name()).state() instanceof JobState.Running);
    }
    try (var second = RunningService.start(database)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> second.job(job.name()).state() instanceof JobState.Succeeded);
      assertThat(second.job(job.name()).attempt()).isEqualTo(2);
      assertThat(second.effects(job.name())).isEqualTo(1);
    }
  }

  private static Job awaitEnd(Job job) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> service.job(job.name()).state().isTerminal());
    return service.job(job.name());
  }

  private static ErrorCode errorOf(Job job) {
    assertThat(job.state()).isInstanceOf(JobState.Failed.class);
    return GrpcErrors.codeOf(((JobState.Failed) job.state()).error());
  }
}
