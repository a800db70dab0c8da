/**
 * One Kafka and one PostgreSQL for all tests of a JVM: start at {@link
 * io.slipway.embedded.testing.SharedInfrastructure}.
 */
@NullMarked
package io.slipway.embedded.testing;

import org.jspecify.annotations.NullMarked;
