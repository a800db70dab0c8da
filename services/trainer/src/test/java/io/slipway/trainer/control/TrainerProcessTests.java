package io.slipway.trainer.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.process.ChildProcess;
import io.slipway.trainer.testing.ControlStandIn.Connected;
import io.slipway.trainer.testing.TrainerSurroundings;
import io.slipway.trainer.testing.TrainingStandIn.Reports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a trainer's process ends. */
class TrainerProcessTests {

  private static final int ENDLESS = 900;
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path directory;
  private TrainerSurroundings surroundings;

  @BeforeEach
  void start() {
    surroundings = new TrainerSurroundings(directory);
  }

  @AfterEach
  void stop() {
    surroundings.close();
  }

  @Test
  void endsAfterItsRunWhenItWasLaunchedForOne() throws InterruptedException, TimeoutException {
    try (ChildProcess trainer =
        surroundings.startTrainer("single", "--slipway.trainer.exit-after-run=true")) {
      Reports reports = surroundings.training.add("fineTuneJobs/one", surroundings.plan(1).build());
      surroundings.awaitIdle().assign("fineTuneJobs/one", 1);

      assertThat(trainer.awaitExit(Duration.ofSeconds(60))).isZero();
      assertThat(reports.results).hasSize(1);
    }
  }

  @Test
  void stopsItsRunAndEndsWhenItsParentIsGone() throws InterruptedException, TimeoutException {
    try (ChildProcess trainer = surroundings.startTrainer("orphan")) {
      Reports reports = beginEndless("fineTuneJobs/orphan");

      trainer.askToEnd();

      assertThat(trainer.awaitExit(Duration.ofSeconds(30))).isZero();
      assertThat(reports.results).isEmpty();
      assertThat(reports.failures).isEmpty();
      assertThat(reports.checkpoints).isNotEmpty();
    }
  }

  @Test
  void stopsItsRunAndEndsOnSigterm() throws InterruptedException, TimeoutException {
    try (ChildProcess trainer = surroundings.startTrainer("terminated")) {
      Reports reports = beginEndless("fineTuneJobs/terminated");

      ProcessHandle.of(trainer.pid()).orElseThrow().destroy();

      assertThat(trainer.awaitExit(Duration.ofSeconds(30))).isEqualTo(TERMINATED);
      assertThat(reports.results).isEmpty();
      assertThat(reports.failures).isEmpty();
    }
  }

  @Test
  void finishesItsRunAndEndsWhenItIsDrained() throws InterruptedException, TimeoutException {
    try (ChildProcess trainer = surroundings.startTrainer("drained")) {
      Reports reports =
          surroundings.training.add("fineTuneJobs/drained", surroundings.plan(10).build());
      Connected worker = surroundings.awaitIdle();
      worker.assign("fineTuneJobs/drained", 1);
      await().atMost(Duration.ofSeconds(30)).until(() -> !reports.progress.isEmpty());

      worker.drain();

      await().until(() -> worker.state().getDraining());
      assertThat(trainer.awaitExit(Duration.ofSeconds(60))).isZero();
      assertThat(reports.results).hasSize(1);
    }
  }

  private Reports beginEndless(String job) {
    Reports reports = surroundings.training.add(job, surroundings.plan(ENDLESS).build());
    surroundings.awaitIdle().assign(job, 1);
    await().atMost(Duration.ofSeconds(30)).until(() -> !reports.checkpoints.isEmpty());
    return reports;
  }
}
