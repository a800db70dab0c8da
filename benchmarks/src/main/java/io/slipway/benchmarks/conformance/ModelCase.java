package io.slipway.benchmarks.conformance;

import io.slipway.benchmarks.training.PreparedBatch;
import io.slipway.models.architecture.Head;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * How the model of a case is run.
 *
 * @param <M> what the model can do
 * @param loss what the reference's class computes for the golden's labels
 * @param perToken whose tokens the outputs are for; empty where they are for whole rows
 */
record ModelCase<M>(
    Head<M> head,
    Reading<M> reading,
    Optional<GoldenTokens> perToken,
    PreparedBatch.MeanLoss<M> loss,
    Generation<M> generation) {

  /** One pass over the golden's inputs, on the compute thread. */
  @FunctionalInterface
  interface Reading<M> {

    Map<Kind, Tensor> outputs(M model, Forward forward);
  }

  /** Writes what the golden has of searches, and compares. */
  @FunctionalInterface
  interface Generation<M> {

    void compare(M model, ComputeExecutor executor, Findings findings)
        throws IOException, InterruptedException;
  }

  /** Of a model that writes nothing. */
  static <M> Generation<M> nothingToWrite() {
    return (model, executor, findings) -> {};
  }
}
