package io.slipway.embedded;

import java.nio.file.Path;
import java.util.List;

/** Whose rights the PostgreSQL server runs with: it refuses to run as root. */
enum ServerAccount {
  /** This process's own account, which is not root. */
  SAME(List.of()),

  /**
   * Root outside, an unnamed account inside a user namespace of its own: files stay root's,
   * privileges are gone.
   */
  USER_NAMESPACE(List.of("unshare", "--user")),

  /** The account {@code nobody}, where root may not make namespaces (as in most containers). */
  NOBODY(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));

  private final List<String> prefix;

  ServerAccount(List<String> prefix) {
    this.prefix = prefix;
  }

  static ServerAccount ofThisProcess() {
    if (!isRoot()) {
      return SAME;
    }
    return Command.run("unshare", "--user", "true").succeeded() ? USER_NAMESPACE : NOBODY;
  }

  static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** The command to put before the server's. */
  List<String> prefix() {
    return prefix;
  }

  /** Gives the directory and what is in it to the account. */
  void own(Path directory) {
    if (this == NOBODY) {
      Command chown = Command.run("chown", "-R", "nobody:nogroup", directory.toString());
      if (!chown.succeeded()) {
        throw new EmbeddedStartException(
            "%s cannot be given to the account nobody, which PostgreSQL needs because it refuses to run as root: %s."
                .formatted(directory, chown.output()));
      }
    }
  }
}
