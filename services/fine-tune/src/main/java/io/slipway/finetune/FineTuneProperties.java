package io.slipway.finetune;

import io.slipway.common.v1.Device;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the service.
 *
 * @param artifacts where content is kept
 * @param fineTune how runs are carried out
 */
@ConfigurationProperties("slipway")
public record FineTuneProperties(
    @DefaultValue Artifacts artifacts, @DefaultValue FineTune fineTune) {

  /**
   * @param root blob directory, shared with the import service and the trainers
   */
  public record Artifacts(@DefaultValue("/var/lib/slipway/artifacts") Path root) {}

  /**
   * @param device what trainers run on
   * @param grantTimeToLive a trainer outlives the process that holds it by this much
   * @param trainerPatience longest wait for a free trainer in one attempt
   * @param poll how often a run looks for its trainer's result
   * @param grantCheck how often it looks whether the trainer is alive
   * @param callDeadline for a call to another service
   */
  public record FineTune(
      @DefaultValue("ANY") TrainingDevice device,
      @DefaultValue("30s") Duration grantTimeToLive,
      @DefaultValue("30m") Duration trainerPatience,
      @DefaultValue("200ms") Duration poll,
      @DefaultValue("1s") Duration grantCheck,
      @DefaultValue("10s") Duration callDeadline) {}

  /** Which trainers will do. */
  public enum TrainingDevice {
    ANY(Device.DEVICE_UNSPECIFIED),
    CPU(Device.DEVICE_CPU),
    CUDA(Device.DEVICE_CUDA);

    private final Device device;

    TrainingDevice(Device device) {
      this.device = device;
    }

    public Device device() {
      return device;
    }
  }
}
