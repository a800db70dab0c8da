package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one side was measured at.
 *
 * @param peer {@code slipway} or {@code transformers}
 * @param value milliseconds, or MiB of peak memory
 */
record Figure(
    String peer,
    int threads,
    Section section,
    Weights weights,
    Measurement measurement,
    double value) {

  static final String OURS = "slipway";
  static final String PEERS = "transformers";

  /** One line, with the names that benchmarks of the peer use. */
  String toJson() {
    ObjectNode line =
        new JsonMapper()
            .createObjectNode()
            .put("peer", peer)
            .put("threads", threads)
            .put("work", measurement.work().jsonName())
            .put("dtype", peer.equals(PEERS) ? weights.ofPeer().dtype() : weights.dtype())
            .put("batch", measurement.batch());
    line.put(measurement.work() == Work.DECODE ? "context" : "seq", measurement.length());
    if (measurement.work() == Work.LOAD || measurement.work() == Work.PEAK_MEMORY) {
      line.putArray("of").add(section.jsonName());
    }
    if (measurement.work() == Work.PEAK_MEMORY) {
      return line.put("mib", Math.round(value)).toString();
    }
    return line.put("ms", Math.round(value * 100) / 100.0).toString();
  }
}
