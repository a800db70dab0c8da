package io.slipway.gateway.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.gateway.testing.RawHttp;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatasetUploadTests {

  private static final long GIB = 1L << 30;
  private final RunningGateway gateway = RunningGateway.shared();

  @BeforeEach
  void forgetEarlierUploads() {
    gateway.platform.datasets.ends.clear();
  }

  @Test
  void streamsABodyInChunks() {
    String csv = "text,label\n" + "hello,greeting\n".repeat(100_000);
    Reply reply =
        gateway.send(
            upload("?displayName=My%20data", "text/csv")
                .header("Idempotency-Key", "up-1")
                .POST(BodyPublishers.ofString(csv)));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    var dataset = reply.json();
    assertThat(dataset.path("name").stringValue()).isEqualTo("datasets/d1");
    assertThat(dataset.path("displayName").stringValue()).isEqualTo("My data");
    assertThat(dataset.path("format").stringValue()).isEqualTo("DATASET_FORMAT_CSV");
    assertThat(dataset.path("sizeBytes").stringValue()).isEqualTo(Integer.toString(csv.length()));
    // The stand-in gives the request id back here.
    assertThat(dataset.path("sha256").stringValue()).isEqualTo("up-1");
    assertThat(gateway.platform.datasets.largestChunk).isLessThanOrEqualTo(1 << 20);
  }

  @Test
  void takesAFormWithAFile() {
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"displayName\"\r\n\r\nFrom a form\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.jsonl\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n{\"text\":\"a\"}\n\r\n--b--\r\n";
    Reply reply =
        gateway.send(
            upload("", "multipart/form-data; boundary=b").POST(BodyPublishers.ofString(form)));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("displayName").stringValue()).isEqualTo("From a form");
    assertThat(reply.json().path("format").stringValue()).isEqualTo("DATASET_FORMAT_JSONL");
    assertThat(reply.json().path("columns").path(0).stringValue()).isEqualTo("{\"text\":\"a\"}\n");
  }

  @Test
  void knowsTheFormatByParameterTypeOrName() {
    assertThat(format("?format=TSV", "application/octet-stream")).isEqualTo("DATASET_FORMAT_TSV");
    assertThat(format("", "text/tab-separated-values")).isEqualTo("DATASET_FORMAT_TSV");
    assertThat(format("", "application/x-ndjson")).isEqualTo("DATASET_FORMAT_JSONL");
    assertThat(send("", "image/png", "x").status()).isEqualTo(415);
    Reply unknown = send("?format=xlsx", "text/csv", "x");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.json().path("detail").stringValue()).contains("xlsx", "csv, tsv or jsonl");
    assertThat(send("?colour=red", "text/csv", "x").status()).isEqualTo(400);
    Reply noFile = send("", "multipart/form-data; boundary=b", "--b--\r\n");
    assertThat(noFile.status()).isEqualTo(400);
    assertThat(noFile.json().path("detail").stringValue()).contains("file");
  }

  @Test
  void refusesTwoGigabytesBeforeTheyAreSent() throws IOException {
    try (Socket socket = new Socket("localhost", gateway.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "POST /slipway/v1/datasets HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
              + "Expect: 100-continue\r\nAuthorization: Bearer "
              + RunningGateway.KEY
              + "\r\nContent-Length: "
              + 2 * GIB
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[12];
      assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
    }
    assertThat(gateway.platform.datasets.ends).isEmpty();
  }

  @Test
  void refusesTwoGigabytesOfAClientThatSendsThemAnyway() {
    Reply reply =
        gateway.send(
            upload("", "text/csv")
                .POST(
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> new Zeros(2 * GIB)), 2 * GIB)));
    assertTooLarge(reply);
    assertThat(gateway.platform.datasets.ends).isEmpty();
    assertThat(gateway.get("/slipway/v1/hubModels").status()).isEqualTo(200);
  }

  @Test
  void stopsABodyOfUnknownLengthAtTheLimitAndStoresNothing() throws InterruptedException {
    Reply reply =
        gateway.send(
            upload("", "text/csv").POST(BodyPublishers.ofInputStream(() -> new Zeros(64L << 20))));
    assertTooLarge(reply);
    assertThat(gateway.platform.datasets.ends.poll(10, TimeUnit.SECONDS)).isEqualTo("broken off");
    assertThat(gateway.platform.datasets.ends).isEmpty();
  }

  @Test
  void storesNothingOfAnUploadThatBreaksOff() throws Exception {
    try (Socket socket = new Socket("localhost", gateway.port())) {
      String start =
          "POST /slipway/v1/datasets HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
              + "Authorization: Bearer "
              + RunningGateway.KEY
              + "\r\nContent-Length: 3000000\r\n\r\n"
              + "a,b\n".repeat(200_000);
      socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(gateway.platform.datasets.ends.poll(20, TimeUnit.SECONDS)).isEqualTo("broken off");
  }

  @Test
  void passesTheServicesRefusalOnWhileTheClientIsStillSending() {
    Reply reply = send("?displayName=bad", "text/csv", "x".repeat(3_900_000));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("code").stringValue()).isEqualTo("MALFORMED_DATASET");
  }

  @Test
  void needsAKey() {
    String reply =
        RawHttp.send(
            gateway.port(),
            "POST /slipway/v1/datasets HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                + "Connection: close\r\nContent-Length: 1\r\n\r\nx");
    assertThat(reply).startsWith("HTTP/1.1 401 ");
  }

  private static void assertTooLarge(Reply reply) {
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.json().path("code").stringValue()).isEqualTo("TOO_LARGE");
    assertThat(reply.json().path("detail").stringValue()).contains("4194304 bytes");
  }

  private String format(String query, String contentType) {
    return send(query, contentType, "x").json().path("format").stringValue();
  }

  private Reply send(String query, String contentType, String body) {
    return gateway.send(upload(query, contentType).POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder upload(String query, String contentType) {
    return gateway.request("/slipway/v1/datasets" + query).header("Content-Type", contentType);
  }

  /** So many zeros, and nothing in memory. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long count) {
      this.left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? '0' : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      java.util.Arrays.fill(buffer, offset, offset + count, (byte) '0');
      left -= count;
      return count;
    }
  }
}
