package io.slipway.deployment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How workers are watched, launched and given work. The README has a table of all of them.
 *
 * @param launcher where more workers and trainers come from
 * @param workerClasspath jars, directories, or {@code directory/*} of the inference worker
 * @param trainerClasspath the same of the trainer
 * @param workerHeap Java heap of a launched worker; models live outside it
 * @param trainerHeap Java heap of a launched trainer
 * @param maxWorkers launched workers at a time
 * @param maxTrainers launched trainers at a time
 * @param logs directory of the output of launched processes
 * @param idle a launched process without work for so long is ended
 * @param lease without a report for this long a worker counts as dead
 * @param heartbeat how often a worker reports
 * @param reconnectGrace a worker whose stream has closed keeps its replicas for so long
 * @param takeoverGrace time for workers to come back after another instance has taken the lead
 * @param reconcileInterval the longest time between two looks at everything
 * @param watchInterval how often a watched resource is looked at
 * @param startPatience a launched process that has not connected by then is killed
 * @param drainPatience a process that was asked to end, or a trainer that was asked to stop its
 *     run, is killed after this
 * @param placementPatience a model grant that has found no worker for so long fails
 * @param defaultTimeToLive of a grant that asks for none
 * @param longestTimeToLive of a grant
 * @param largestReplicas of one deployment
 * @param crashLimit a model that has brought down so many workers is quarantined
 * @param crashWindow the time in which they count
 */
@ConfigurationProperties("slipway.deployment")
public record DeploymentProperties(
    @DefaultValue("NONE") LauncherKind launcher,
    @DefaultValue List<String> workerClasspath,
    @DefaultValue List<String> trainerClasspath,
    @DefaultValue("192MB") DataSize workerHeap,
    @DefaultValue("384MB") DataSize trainerHeap,
    @DefaultValue("2") int maxWorkers,
    @DefaultValue("1") int maxTrainers,
    @DefaultValue("logs") Path logs,
    @DefaultValue("60s") Duration idle,
    @DefaultValue("10s") Duration lease,
    @DefaultValue("2s") Duration heartbeat,
    @DefaultValue("4s") Duration reconnectGrace,
    @DefaultValue("5s") Duration takeoverGrace,
    @DefaultValue("500ms") Duration reconcileInterval,
    @DefaultValue("200ms") Duration watchInterval,
    @DefaultValue("90s") Duration startPatience,
    @DefaultValue("30s") Duration drainPatience,
    @DefaultValue("2m") Duration placementPatience,
    @DefaultValue("60s") Duration defaultTimeToLive,
    @DefaultValue("1h") Duration longestTimeToLive,
    @DefaultValue("16") int largestReplicas,
    @DefaultValue("3") int crashLimit,
    @DefaultValue("10m") Duration crashWindow) {

  /** Where more workers and trainers come from. */
  public enum LauncherKind {
    /** Pools come by themselves: Compose, Kubernetes. */
    NONE,
    /** Child JVMs on this machine. */
    PROCESS
  }
}
