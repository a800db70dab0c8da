package io.slipway.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelJson;
import io.slipway.hub.RepositoryFile;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/** The directories that the paths of a repository's files imply. */
final class Directories {

  private Directories() {}

  static TreeSet<String> of(ModelInfo model) {
    TreeSet<String> directories = new TreeSet<>();
    for (RepositoryFile file : model.files()) {
      String path = file.path();
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        directories.add(path.substring(0, slash));
      }
    }
    return directories;
  }

  /** Clients want an object id; this one changes with the content of the repository. */
  static ObjectNode write(ModelInfo model, String directory) {
    String oid = Hashes.sha1((model.sha() + "/" + directory).getBytes(UTF_8));
    return ModelJson.MAPPER
        .createObjectNode()
        .put("type", "directory")
        .put("oid", oid)
        .put("size", 0)
        .put("path", directory);
  }
}
