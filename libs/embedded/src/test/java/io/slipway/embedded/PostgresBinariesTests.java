package io.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTests {
  @TempDir Path cache;

  @Test
  void unpacksOnceThoughTwoDoSoAtTheSameTime() throws Exception {
    List<CompletableFuture<PostgresBinaries>> both =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(() -> PostgresBinaries.unpackInto(cache)))
            .limit(2)
            .toList();
    List<PostgresBinaries> unpacked = both.stream().map(CompletableFuture::join).toList();

    assertThat(unpacked.getFirst()).isEqualTo(unpacked.getLast());
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).containsExactly(unpacked.getFirst().directory());
    }
    assertThat(Command.run(unpacked.getFirst().program("postgres"), "--version").output())
        .startsWith("postgres (PostgreSQL)");
  }
}
