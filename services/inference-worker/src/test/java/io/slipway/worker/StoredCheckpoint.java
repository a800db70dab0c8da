package io.slipway.worker;

import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.artifacts.StoredBlob;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.deployment.v1.DesiredModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tiny BERT of libs/models, whose answers the reference implementation has computed. */
record StoredCheckpoint(List<ArtifactFile> files, JsonNode golden) {

  private static final Path SOURCE =
      Path.of("../../libs/models/src/test/resources/goldens/single-label");

  static StoredCheckpoint in(Path artifacts) throws IOException {
    FileSystemArtifactStore store = new FileSystemArtifactStore(artifacts);
    try (Stream<Path> files = Files.list(SOURCE)) {
      List<ArtifactFile> stored =
          files
              .filter(file -> !file.endsWith("golden.json"))
              .sorted()
              .map(file -> store(store, file))
              .toList();
      return new StoredCheckpoint(
          stored, new JsonMapper().readTree(Files.readString(SOURCE.resolve("golden.json"))));
    }
  }

  private static ArtifactFile store(FileSystemArtifactStore store, Path file) {
    StoredBlob blob = store.write(file);
    try {
      return ArtifactFile.newBuilder()
          .setPath(file.getFileName().toString())
          .setSha256(blob.digest().hex())
          .setSizeBytes(Files.size(file))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  DesiredModel named(String model) {
    return DesiredModel.newBuilder().setModel(model).addAllFiles(files).build();
  }

  List<String> texts() {
    return golden.get("texts").valueStream().map(JsonNode::asString).toList();
  }

  double logit(int text, int label) {
    return golden.get("logits").get(text).get(label).asDouble();
  }
}
