package io.slipway.hub.server;

import io.slipway.hub.HubException.RepositoryNotFound;
import io.slipway.hub.HubException.RevisionNotFound;
import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelPage;
import io.slipway.hub.ModelQuery;
import io.slipway.hub.RepositoryFile;
import io.slipway.hub.RepositoryId;
import io.slipway.hub.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Repositories as directories {@code <root>/<owner>/<name>} with the files of one commit, which is
 * derived from their content. The only revisions are that commit and {@code main}. Directories may
 * come, go and change at any time; symbolic links in them are not served.
 */
public final class DirectoryHubRepositories implements HubRepositories {

  private final Path root;
  private final RepositoryDirectories directories = new RepositoryDirectories();

  public DirectoryHubRepositories(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public ModelPage list(ModelQuery query, Optional<String> cursor) {
    List<ModelInfo> models = new ArrayList<>();
    for (Path owner : subdirectories(root)) {
      for (Path directory : subdirectories(owner)) {
        id(owner, directory).map(id -> directories.read(id, directory)).ifPresent(models::add);
      }
    }
    return ModelListing.page(models, query, cursor);
  }

  private static Optional<RepositoryId> id(Path owner, Path directory) {
    try {
      return Optional.of(RepositoryId.of(owner.getFileName() + "/" + directory.getFileName()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public ModelInfo find(RepositoryId id, Revision revision) {
    Path directory = directory(id);
    if (id.owner().isEmpty() || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new RepositoryNotFound(id);
    }
    ModelInfo model = directories.read(id, directory);
    if (!revision.equals(Revision.MAIN) && !revision.value().equals(model.sha())) {
      throw new RevisionNotFound(id, revision);
    }
    return model;
  }

  @Override
  public InputStream open(ModelInfo model, RepositoryFile file, long offset) throws IOException {
    FileChannel channel =
        FileChannel.open(directory(model.id()).resolve(file.path()), LinkOption.NOFOLLOW_LINKS);
    channel.position(offset);
    return Channels.newInputStream(channel);
  }

  /** An id has no segment that leads elsewhere. */
  private Path directory(RepositoryId id) {
    return root.resolve(id.value());
  }

  private static List<Path> subdirectories(Path directory) {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
