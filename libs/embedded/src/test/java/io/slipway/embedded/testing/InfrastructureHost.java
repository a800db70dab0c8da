package io.slipway.embedded.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** A JVM to be killed: it starts both servers and writes PostgreSQL's process id into a file. */
final class InfrastructureHost {
  private InfrastructureHost() {}

  public static void main(String[] args) throws Exception {
    SharedInfrastructure.kafka();
    Files.writeString(Path.of(args[0]), Long.toString(SharedInfrastructure.postgres().pid()));
    Thread.currentThread().join();
  }
}
