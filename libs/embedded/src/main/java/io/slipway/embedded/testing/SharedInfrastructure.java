package io.slipway.embedded.testing;

import io.slipway.embedded.Durability;
import io.slipway.embedded.EmbeddedKafka;
import io.slipway.embedded.EmbeddedPostgres;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One PostgreSQL and one Kafka for all tests of this JVM, each started when first asked for, in a
 * temporary directory without fsync. They end with the JVM, however it ends, and the directory goes
 * with them.
 *
 * <p>Tests keep apart by a database each and by topic names of their own.
 */
public final class SharedInfrastructure {
  private static final AtomicInteger NEXT = new AtomicInteger(1);

  private SharedInfrastructure() {}

  /** A database of PostgreSQL and how to enter it. */
  public record Database(String jdbcUrl, String user, String password) {}

  /** A fresh, empty database. */
  public static Database newDatabase() {
    EmbeddedPostgres server = postgres();
    String url = server.createDatabaseIfAbsent("test_" + NEXT.getAndIncrement());
    return new Database(url, server.user(), server.password());
  }

  /** For {@code bootstrap.servers}. */
  public static String kafkaBootstrapServers() {
    return kafka().bootstrapServers();
  }

  /** A name that nobody else in this JVM has got, to begin topics and consumer groups with. */
  public static String newTopicPrefix() {
    return "test-" + NEXT.getAndIncrement() + ".";
  }

  public static EmbeddedPostgres postgres() {
    return Postgres.SERVER;
  }

  public static EmbeddedKafka kafka() {
    return Kafka.SERVER;
  }

  /** Each holder's class is loaded, and its server started, on first use. */
  private static final class Postgres {
    static final EmbeddedPostgres SERVER =
        EmbeddedPostgres.start(
            Directory.TEMPORARY.path().resolve("postgres"),
            EmbeddedPostgres.Options.defaults().withDurability(Durability.PROCESS_DEATH));
  }

  private static final class Kafka {
    static final EmbeddedKafka SERVER =
        EmbeddedKafka.start(
            Directory.TEMPORARY.path().resolve("kafka"),
            EmbeddedKafka.Options.defaults().withDurability(Durability.PROCESS_DEATH));
  }

  private static final class Directory {
    static final TemporaryDirectory TEMPORARY = TemporaryDirectory.create();
  }
}
