package io.slipway.evaluation.metrics;

/** Mean and nearest-rank percentiles of call times, in milliseconds. */
public record LatencyStatistics(double mean, double p50, double p95, double p99) {}
