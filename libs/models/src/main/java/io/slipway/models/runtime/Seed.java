package io.slipway.models.runtime;

/**
 * A source of independent random streams: whatever needs randomness derives its own seed by what it
 * is (a step, an epoch, a weight's name), so that nothing depends on the order in which others
 * drew, and a resumed run draws what an uninterrupted one would have drawn.
 */
public record Seed(long value) {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  public Seed derive(long key) {
    return new Seed(mix(mix(value + GOLDEN_GAMMA) ^ key));
  }

  public Seed derive(String key) {
    Seed seed = this;
    for (int i = 0; i < key.length(); i++) {
      seed = seed.derive(key.charAt(i));
    }
    return seed;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
