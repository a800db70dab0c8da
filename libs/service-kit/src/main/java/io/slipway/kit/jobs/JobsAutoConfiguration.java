package io.slipway.kit.jobs;

import io.slipway.kit.commands.Commands;
import io.slipway.kit.names.Ids;
import io.slipway.kit.telemetry.Traces;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Commands and jobs, where there is a database. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
      "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
      "io.slipway.kit.KitAutoConfiguration"
    })
@ConditionalOnClass(JdbcClient.class)
@ConditionalOnBean(JdbcClient.class)
@EnableConfigurationProperties(JobProperties.class)
class JobsAutoConfiguration {

  @Bean
  Commands commands(JdbcClient db, TransactionTemplate transaction) {
    return new Commands(db, transaction);
  }

  @Bean
  Jobs jobs(JdbcClient db) {
    return new Jobs(db);
  }

  @Bean
  JobWatch jobWatch(Jobs jobs, JobProperties properties) {
    return new JobWatch(jobs, properties);
  }

  @Bean
  JobRunners jobRunners(
      ObjectProvider<JobHandler> handlers,
      Jobs jobs,
      TransactionTemplate transaction,
      JobProperties properties,
      Traces traces) {
    JobAttempt attempt = new JobAttempt(jobs, transaction, properties, traces);
    // Tells the log which process has a job; the fence is the attempt.
    String owner = ManagementFactory.getRuntimeMXBean().getName();
    return new JobRunners(
        handlers
            .orderedStream()
            .map(handler -> new JobRunner(handler, jobs, attempt, properties, owner))
            .toList());
  }

  @Bean
  JobQueue jobQueue(Jobs jobs, Commands commands, Ids ids, Traces traces, JobRunners runners) {
    return new JobQueue(jobs, commands, ids, traces, runners.runners);
  }

  /** The runners of one service, started and stopped together. */
  static final class JobRunners implements SmartLifecycle {
    private final List<JobRunner> runners;
    private volatile boolean running;

    JobRunners(List<JobRunner> runners) {
      this.runners = runners;
    }

    @Override
    public void start() {
      runners.forEach(JobRunner::start);
      running = true;
    }

    @Override
    public void stop() {
      runners.parallelStream().forEach(JobRunner::stop);
      running = false;
    }

    @Override
    public boolean isRunning() {
      return running;
    }
  }
}
