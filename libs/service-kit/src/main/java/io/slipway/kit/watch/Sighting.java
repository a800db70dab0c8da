package io.slipway.kit.watch;

import java.util.function.Supplier;

/**
 * A watched resource at one moment.
 *
 * @param version grows with each change
 * @param last whether nothing is to come after this
 * @param resource as the API shows it; made only when it is sent
 */
public record Sighting<R>(long version, boolean last, Supplier<R> resource) {}
