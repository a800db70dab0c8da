package io.slipway.benchmarks.engine;

import java.io.IOException;

/** What one process of ours is measured with. */
interface EngineWork extends AutoCloseable {

  /** A call of this measurement, to be timed by the caller and then closed. */
  Timing.Call prepare(Measurement measurement) throws IOException, InterruptedException;

  @Override
  void close();
}
