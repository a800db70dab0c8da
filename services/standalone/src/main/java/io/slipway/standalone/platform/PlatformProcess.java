package io.slipway.standalone.platform;

import io.slipway.embedded.EmbeddedStartException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The process that {@code slipway up} starts. It writes its progress into the data directory, runs
 * until it is told to stop, and is the only one of its data directory for as long as it holds the
 * lock there.
 */
@Command(name = "platform")
public final class PlatformProcess implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(PlatformProcess.class);

  @Option(names = "--data-dir", required = true)
  private Path dataDirectory = Path.of("");

  @Mixin private PlatformOptions options = new PlatformOptions();

  public static void main(String[] args) {
    int code = new CommandLine(new PlatformProcess()).execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  @Override
  public Integer call() throws IOException {
    DataDirectory data = DataDirectory.open(dataDirectory);
    FileChannel channel =
        FileChannel.open(data.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      System.err.println("Another process runs the platform in " + data.root() + ".");
      return 1;
    }
    StartProgress progress = new StartProgress(data, options);
    Platform platform = new Platform(data, options, Installation.current(), progress);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(platform::close));
    try {
      platform.start();
      progress.ready();
      return 0;
    } catch (PlatformException | EmbeddedStartException e) {
      progress.failed(String.valueOf(e.getMessage()));
      return 1;
    } catch (RuntimeException e) {
      log.error("The platform could not start", e);
      progress.failed(
          "The platform could not start: " + rootMessage(e) + " (see " + data.logs() + ")");
      return 1;
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
