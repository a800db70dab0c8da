/**
 * Apache Kafka and PostgreSQL as real servers run by this process, durable under a directory: start
 * at {@link io.slipway.embedded.EmbeddedKafka} and {@link io.slipway.embedded.EmbeddedPostgres}.
 */
@NullMarked
package io.slipway.embedded;

import org.jspecify.annotations.NullMarked;
