package io.slipway.imports.hub;

import io.slipway.artifacts.StoredFile;
import io.slipway.hub.HubFile;
import io.slipway.imports.ImportProperties;
import io.slipway.kit.errors.SlipwayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Brings the files of a repository into the store, some at a time. */
@Component
class RepositoryDownload {

  private final FileDownload file;
  private final int parallel;
  private final Duration progressInterval;

  RepositoryDownload(FileDownload file, ImportProperties properties) {
    this.file = file;
    this.parallel = properties.parallelDownloads();
    this.progressInterval = properties.progressInterval();
  }

  /**
   * The first failure, an interrupt, or an exception of {@code progress} stops all downloads; none
   * goes on after the return.
   *
   * @param progress is called on this thread
   * @return in the order of {@code sources}
   */
  List<StoredFile> download(List<HubFile> sources, Consumer<FetchProgress> progress)
      throws InterruptedException {
    Arrivals arrivals = new Arrivals(sources);
    ExecutorService executor =
        Executors.newFixedThreadPool(
            parallel, Thread.ofVirtual().name("import-download-", 0).factory());
    try {
      var completions = new ExecutorCompletionService<StoredFile>(executor);
      List<Future<StoredFile>> downloads = new ArrayList<>();
      for (int i = 0; i < sources.size(); i++) {
        int index = i;
        downloads.add(
            completions.submit(
                () -> file.download(sources.get(index), bytes -> arrivals.set(index, bytes))));
      }
      progress.accept(arrivals.progress(0));
      int done = 0;
      while (done < sources.size()) {
        var completed = completions.poll(progressInterval.toMillis(), TimeUnit.MILLISECONDS);
        if (completed != null) {
          var _ = result(completed);
          done++;
        }
        progress.accept(arrivals.progress(done));
      }
      List<StoredFile> files = new ArrayList<>();
      for (Future<StoredFile> download : downloads) {
        files.add(download.resultNow());
      }
      return files;
    } finally {
      executor.shutdownNow();
      executor.close();
    }
  }

  private static StoredFile result(Future<StoredFile> completed) throws InterruptedException {
    try {
      return completed.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SlipwayException refusal -> throw refusal;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException("A download failed.", e.getCause());
      }
    }
  }

  /** How much of each file is here; written by the downloads, read for the progress. */
  private static final class Arrivals {
    private final AtomicLongArray bytes;
    private final long total;

    Arrivals(List<HubFile> sources) {
      this.bytes = new AtomicLongArray(sources.size());
      this.total = sources.stream().mapToLong(source -> source.file().sizeBytes()).sum();
    }

    void set(int index, long count) {
      bytes.set(index, count);
    }

    FetchProgress progress(int filesDone) {
      long sum = 0;
      for (int i = 0; i < bytes.length(); i++) {
        sum += bytes.get(i);
      }
      return new FetchProgress(sum, total, filesDone, bytes.length());
    }
  }
}
