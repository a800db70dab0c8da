package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Section.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Python transformers, through a Python that the user has. Owns a copy of our script. */
final class Peer implements AutoCloseable {

  private static final int SECONDS_TO_IMPORT = 180;

  private final String python;
  private final Path script;

  private Peer(String python, Path script) {
    this.python = python;
    this.script = script;
  }

  /** The peer, if this Python can import what it needs. */
  static Optional<Peer> find(String python) throws IOException, InterruptedException {
    if (!imports(python)) {
      return Optional.empty();
    }
    Path script = Files.createTempFile("slipway-peer", ".py");
    try (InputStream resource = Peer.class.getResourceAsStream("peer.py")) {
      Files.copy(Objects.requireNonNull(resource), script, StandardCopyOption.REPLACE_EXISTING);
    }
    return Optional.of(new Peer(python, script));
  }

  private static boolean imports(String python) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import torch, transformers")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(SECONDS_TO_IMPORT, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException e) {
      // There is no such program, which is an answer too.
      return false;
    }
  }

  MeasuringProcess start(Section section, Weights weights, Path models, String device, int threads)
      throws IOException {
    return new MeasuringProcess(
        List.of(
            python,
            script.toString(),
            section.jsonName(),
            weights.ofPeer().dtype(),
            models.resolve(section.model()).toString(),
            device,
            Integer.toString(threads)),
        Map.of("TOKENIZERS_PARALLELISM", "false", "HF_HUB_OFFLINE", "1"));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(script);
  }
}
