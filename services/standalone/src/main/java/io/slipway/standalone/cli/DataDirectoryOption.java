package io.slipway.standalone.cli;

import io.slipway.standalone.platform.DataDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Says which instance a command is about. */
public final class DataDirectoryOption {

  @Option(
      names = "--data-dir",
      paramLabel = "<dir>",
      defaultValue = "${sys:user.home}/.slipway",
      description = "Where this instance keeps its data. Default: ~/.slipway.")
  private Path directory = Path.of("");

  public DataDirectory open() {
    return DataDirectory.open(directory);
  }
}
