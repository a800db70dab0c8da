package io.slipway.finetune.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.nio.file.Path;

/** A service that accepts and refuses jobs, and runs none of them. */
public final class AcceptingFineTune implements AutoCloseable {

  public final Material material;
  public final RunningFineTune service;
  private final Neighbours neighbours = new Neighbours();

  /**
   * @param directory of the artifact store
   */
  public AcceptingFineTune(Path directory) {
    this.material = new Material(directory, neighbours);
    this.service =
        RunningFineTune.start(
            SharedInfrastructure.newDatabase(),
            neighbours,
            directory,
            "--slipway.jobs.concurrency=0");
  }

  public void assertRefused(FineTuneJob.Builder job, ErrorCode code, String... words) {
    assertRefused(job, "", code, words);
  }

  /** Makes sure that a job is refused with this code, and that the message has these words. */
  public void assertRefused(
      FineTuneJob.Builder job, String requestId, ErrorCode code, String... words) {
    assertThatThrownBy(() -> service.create(job, requestId))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal -> {
              assertThat(GrpcErrors.fromException(refusal).code()).isEqualTo(code);
              assertThat(refusal.getStatus().getDescription()).contains(words);
            });
  }

  @Override
  public void close() {
    service.close();
    neighbours.close();
  }
}
