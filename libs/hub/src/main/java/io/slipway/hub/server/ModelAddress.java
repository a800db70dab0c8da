package io.slipway.hub.server;

import io.slipway.hub.RepositoryId;
import io.slipway.hub.Revision;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The part of an address that names a repository and what is wanted of it.
 *
 * @param action such as {@code tree}; empty for the repository itself
 * @param arguments the segments after the action
 */
record ModelAddress(RepositoryId id, String action, List<String> arguments) {

  /** Reads {@code [owner/]name[/action/arguments...]}; empty when there is no such action. */
  static Optional<ModelAddress> read(List<String> segments, Set<String> actions) {
    for (int idLength : new int[] {2, 1}) {
      if (segments.size() > idLength && actions.contains(segments.get(idLength))) {
        return Optional.of(
            new ModelAddress(
                id(segments.subList(0, idLength)),
                segments.get(idLength),
                segments.subList(idLength + 1, segments.size())));
      }
    }
    return segments.isEmpty() || segments.size() > 2
        ? Optional.empty()
        : Optional.of(new ModelAddress(id(segments), "", List.of()));
  }

  private static RepositoryId id(List<String> segments) {
    return BadRequestException.reading(() -> RepositoryId.of(String.join("/", segments)));
  }

  /** The first argument, or main without arguments. */
  Revision revision() {
    return arguments.isEmpty()
        ? Revision.MAIN
        : BadRequestException.reading(() -> Revision.of(arguments.getFirst()));
  }

  /** The path after the revision, or the empty string; slashes may have been encoded or not. */
  String path() {
    return arguments.size() < 2 ? "" : String.join("/", arguments.subList(1, arguments.size()));
  }
}
