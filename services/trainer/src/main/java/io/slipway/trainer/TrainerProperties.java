package io.slipway.trainer;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a trainer.
 *
 * @param artifacts where content is kept
 * @param worker what it owes the process that launched it
 * @param trainer how it trains
 */
@ConfigurationProperties("slipway")
public record TrainerProperties(
    @DefaultValue Artifacts artifacts,
    @DefaultValue Worker worker,
    @DefaultValue Training trainer) {

  /**
   * @param root blob directory
   * @param checkouts cache of checked-out files
   */
  public record Artifacts(
      @DefaultValue("/var/lib/slipway/artifacts") Path root,
      @DefaultValue("/var/lib/slipway/checkouts") Path checkouts) {}

  /**
   * @param launchId given by who launched this process; empty when nobody did
   * @param exitWithParent end when standard input closes
   */
  public record Worker(
      @DefaultValue("") String launchId, @DefaultValue("false") boolean exitWithParent) {}

  /**
   * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
   * @param threads of an operator on the CPU; 0 for all cores
   * @param scratch for checkpoints on their way to the store
   * @param exitAfterRun end after the first run instead of waiting for more
   * @param grace how long a run goes on without the deployment service or the fine-tune service
   * @param checkpointInterval longest time between checkpoints
   * @param progressInterval between reports of progress
   * @param callDeadline of a call to the fine-tune service
   */
  public record Training(
      @DefaultValue("cpu") String device,
      @DefaultValue("0") int threads,
      @DefaultValue("/tmp") Path scratch,
      @DefaultValue("false") boolean exitAfterRun,
      @DefaultValue("10s") Duration grace,
      @DefaultValue("20s") Duration checkpointInterval,
      @DefaultValue("500ms") Duration progressInterval,
      @DefaultValue("5s") Duration callDeadline) {}
}
