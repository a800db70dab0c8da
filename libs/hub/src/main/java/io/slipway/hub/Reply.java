package io.slipway.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer at the end of its redirects, with the body still open.
 *
 * @param described headers of the first hop that named a commit: a storage host that a redirect
 *     leads to knows nothing of the repository
 */
record Reply(HttpResponse<InputStream> response, HttpHeaders described) implements AutoCloseable {

  int status() {
    return response.statusCode();
  }

  InputStream body() {
    return response.body();
  }

  Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  OptionalLong contentLength() {
    return response.headers().firstValueAsLong("Content-Length");
  }

  Optional<String> commit() {
    return described.firstValue("X-Repo-Commit");
  }

  /** The hub's own tag of the content, without quotes. */
  Optional<String> etag() {
    return described
        .firstValue("X-Linked-Etag")
        .or(() -> described.firstValue("ETag"))
        .map(tag -> tag.replaceFirst("^W/", "").replace("\"", ""));
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
