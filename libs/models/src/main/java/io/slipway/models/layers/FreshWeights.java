package io.slipway.models.layers;

import io.slipway.models.runtime.Seed;
import java.util.function.Predicate;

/**
 * Which weights of a model begin fresh instead of coming from its checkpoint.
 *
 * @param whenMissing names that may be absent from the checkpoint, such as a head that it never had
 * @param always names that begin fresh even if the checkpoint has them, such as a head for other
 *     labels
 * @param seed each weight draws from its own stream of it
 * @param deviation standard deviation of fresh matrices; {@code initializer_range}
 */
public record FreshWeights(
    Predicate<String> whenMissing, Predicate<String> always, Seed seed, double deviation) {

  /** Everything has to come from the checkpoint. */
  public static final FreshWeights NONE =
      new FreshWeights(name -> false, name -> false, new Seed(0), 0);
}
