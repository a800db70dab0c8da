package io.slipway.kit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.embedded.testing.SharedInfrastructure.Database;
import io.slipway.kit.CountingService;
import io.slipway.kit.RunningService;
import io.slipway.process.ChildJvm;
import io.slipway.process.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Jobs survive the processes that run them: separate JVMs, killed and stopped at any point. */
class JobTakeoverTests {

  @TempDir private Path logs;

  @Test
  void runsEachJobOnceWhenTwoProcessesWantThemAll() {
    Database database = SharedInfrastructure.newDatabase();
    try (var here = RunningService.start(database);
        var other = startProcess(database, "other")) {
      awaitStarted(other);
      List<Job> jobs = IntStream.range(0, 60).mapToObj(i -> here.submit("", "count:20")).toList();

      await().until(() -> holdsOneOf(here, ProcessHandle.current().pid(), jobs));
      await().until(() -> holdsOneOf(here, other.pid(), jobs));
      awaitSuccess(here, jobs);

      assertThat(jobs).allSatisfy(job -> assertThat(here.effects(job.name())).isEqualTo(1));
      assertThat(jobs).allSatisfy(job -> assertThat(here.job(job.name()).attempt()).isEqualTo(1));
    }
  }

  @Test
  void takesOverTheJobsOfAProcessThatIsKilled() {
    Database database = SharedInfrastructure.newDatabase();
    // This instance only asks; it has no handler's room until the other one is dead.
    try (var here = RunningService.start(database, "--slipway.jobs.concurrency=0");
        var victim = startProcess(database, "victim");
        var heir = startProcess(database, "heir")) {
      awaitStarted(victim);
      awaitStarted(heir);
      List<Job> jobs = IntStream.range(0, 12).mapToObj(i -> here.submit("", "count:80")).toList();
      await().atMost(Duration.ofSeconds(60)).until(() -> holdsOneOf(here, victim.pid(), jobs));
      awaitRandomMoment();

      victim.kill9();
      awaitSuccess(here, jobs);

      assertThat(jobs).allSatisfy(job -> assertThat(here.effects(job.name())).isEqualTo(1));
      assertThat(jobs)
          .anySatisfy(job -> assertThat(here.job(job.name()).attempt()).isGreaterThan(1));
    }
  }

  @Test
  void refusesWhatAStoppedProcessWritesOnceItWakesUp() {
    Database database = SharedInfrastructure.newDatabase();
    try (var here = RunningService.start(database, "--slipway.jobs.concurrency=0");
        var sleeper = startProcess(database, "sleeper")) {
      awaitStarted(sleeper);
      Job job = here.submit("", "count:150");
      await().until(() -> here.job(job.name()).state() instanceof JobState.Running);

      sleeper.stop();
      try (var heir = startProcess(database, "heir")) {
        awaitStarted(heir);
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> here.job(job.name()).attempt() == 2 && heir.isAlive());
        sleeper.cont();
        awaitSuccess(here, List.of(job));

        // The sleeper has noticed by now, or does at its next write; either way nothing of it
        // lands.
        await().during(Duration.ofSeconds(1)).until(() -> here.effects(job.name()) == 1);
        assertThat(here.job(job.name()).attempt()).isEqualTo(2);
      }
    }
  }

  /** A process that is stopped in the middle of a heartbeat leaves such a transaction behind. */
  @Test
  void startsWhileATransactionIsOpen() throws SQLException {
    Database database = SharedInfrastructure.newDatabase();
    try (var here = RunningService.start(database);
        Connection stopped = here.bean(DataSource.class).getConnection()) {
      stopped.setAutoCommit(false);
      for (String table : List.of("outbox_instance", "outbox_partition", "job")) {
        stopped.createStatement().execute("lock table " + table + " in row exclusive mode");
      }

      try (var other = startProcess(database, "other")) {
        awaitStarted(other);
      }

      stopped.rollback();
      // What the other's work would wait for goes with the transaction, a minute later.
      assertThat(here.bean(JdbcClient.class).sql("show idle_in_transaction_session_timeout"))
          .extracting(setting -> setting.query(String.class).single())
          .isEqualTo("1min");
    }
  }

  private ChildProcess startProcess(Database database, String name) {
    return ChildJvm.running(CountingService.class)
        .jvmArguments("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .arguments(RunningService.arguments(database).toArray(String[]::new))
        .start(logs.resolve(name + ".log"));
  }

  /** Its jobs are taken from before Spring says that it has started. */
  private static void awaitStarted(ChildProcess process) {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                assertThat(Files.readString(process.output())).contains("Started CountingService"));
  }

  private static boolean holdsOneOf(RunningService here, long pid, List<Job> jobs) {
    return here.bean(JdbcClient.class)
            .sql(
                "select count(*) from job where state = 'RUNNING' and lease_owner like ? and id = any (?)")
            .params(pid + "@%", jobs.stream().map(Job::id).toArray(String[]::new))
            .query(Integer.class)
            .single()
        > 0;
  }

  private static void awaitSuccess(RunningService here, List<Job> jobs) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                jobs.stream()
                    .allMatch(job -> here.job(job.name()).state() instanceof JobState.Succeeded));
  }

  private static void awaitRandomMoment() {
    long nanos = TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(400));
    long end = System.nanoTime() + nanos;
    await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > end);
  }
}
