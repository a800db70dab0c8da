package io.slipway.artifacts;

import io.slipway.artifacts.ArtifactStoreException.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Directories that show stored files under their own names, as symbolic links to blobs, so that a
 * loader needs no knowledge of the store. A checkout is named after its list of files: asking twice
 * gives the same directory, also to another process. The cache may be deleted at any time while no
 * loader is opening files.
 */
public final class CheckoutCache {

  private final ArtifactStore store;
  private final Path directory;

  /**
   * @param directory where checkouts are made; created when it does not exist
   */
  public CheckoutCache(ArtifactStore store, Path directory) {
    this.store = store;
    this.directory = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(this.directory);
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("making " + this.directory, e);
    }
  }

  /**
   * The directory with exactly {@code files}.
   *
   * @throws ArtifactStoreException MISSING_BLOB when the store lacks one of them, TRUNCATED when a
   *     blob has another size, UNSAFE_PATH when two files claim the same place
   */
  public Path checkout(List<StoredFile> files) {
    requireDistinct(files);
    files.forEach(this::requireWhole);
    Path checkout = locate(files);
    try {
      if (Files.isDirectory(checkout)) {
        if (isCurrent(checkout, files)) {
          return checkout;
        }
        setAside(checkout);
      }
      publish(build(files), checkout, files);
      return checkout;
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("checking out to " + checkout, e);
    }
  }

  /** Removes the checkout of {@code files}, if there is one; blobs stay. */
  public void remove(List<StoredFile> files) {
    Path checkout = locate(files);
    try {
      if (Files.isDirectory(checkout)) {
        setAside(checkout);
      }
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("removing " + checkout, e);
    }
  }

  private Path locate(List<StoredFile> files) {
    StringBuilder list = new StringBuilder();
    files.stream()
        .sorted(Comparator.comparing(StoredFile::path))
        .forEach(file -> list.append(file.path()).append('\0').append(file.digest()).append('\n'));
    return directory.resolve(Digest.ofText(list.toString()).hex());
  }

  private static void requireDistinct(List<StoredFile> files) {
    Set<String> paths = new HashSet<>();
    for (StoredFile file : files) {
      if (!paths.add(file.path())) {
        throw new ArtifactStoreException(
            Kind.UNSAFE_PATH, "Two files of one artifact are named '" + file.path() + "'");
      }
    }
    for (String path : paths) {
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        if (paths.contains(path.substring(0, slash))) {
          throw new ArtifactStoreException(
              Kind.UNSAFE_PATH,
              "'%s' is both a file and the directory of '%s'"
                  .formatted(path.substring(0, slash), path));
        }
      }
    }
  }

  private void requireWhole(StoredFile file) {
    long size = store.size(file.digest());
    if (size != file.sizeBytes()) {
      throw new ArtifactStoreException(
          Kind.TRUNCATED,
          "Blob %s of '%s' has %d bytes, expected %d"
              .formatted(file.digest(), file.path(), size, file.sizeBytes()));
    }
  }

  /** False when the store has moved since, so that the links lead nowhere or elsewhere. */
  private boolean isCurrent(Path checkout, List<StoredFile> files) throws IOException {
    for (StoredFile file : files) {
      Path link = checkout.resolve(file.path());
      if (!Files.isSymbolicLink(link)
          || !Files.readSymbolicLink(link).equals(store.path(file.digest()))) {
        return false;
      }
    }
    return true;
  }

  private Path build(List<StoredFile> files) throws IOException {
    Path building = Files.createDirectory(directory.resolve("building-" + UUID.randomUUID()));
    for (StoredFile file : files) {
      Path link = building.resolve(file.path());
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, store.path(file.digest()));
    }
    return building;
  }

  /** Whoever comes second finds the same directory already there and keeps it. */
  private void publish(Path built, Path checkout, List<StoredFile> files) throws IOException {
    try {
      Files.move(built, checkout, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteTree(built);
      if (!Files.isDirectory(checkout) || !isCurrent(checkout, files)) {
        throw e;
      }
    }
  }

  /** Moves a checkout out of sight in one step, then deletes it. */
  private void setAside(Path checkout) throws IOException {
    Path aside = directory.resolve("removing-" + UUID.randomUUID());
    Files.move(checkout, aside, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(aside);
  }

  private static void deleteTree(Path root) throws IOException {
    Files.walkFileTree(root, new DeletingVisitor());
  }

  private static final class DeletingVisitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
