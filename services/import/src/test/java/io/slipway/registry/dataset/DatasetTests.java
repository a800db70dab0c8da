package io.slipway.registry.dataset;

import static io.slipway.imports.testing.PlatformClient.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.Digest;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.dataset.v1.DeleteDatasetRequest;
import io.slipway.dataset.v1.GetDatasetRequest;
import io.slipway.dataset.v1.ListDatasetsRequest;
import io.slipway.imports.testing.Ledger;
import io.slipway.imports.testing.Platform;
import io.slipway.imports.testing.PlatformClient;
import io.slipway.imports.testing.Upload;
import io.slipway.kit.errors.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatasetTests {

  private static final String CSV = "message,topic\nMy card is blocked,billing\n\"I, too\",login\n";

  private final Platform platform = Platform.shared();
  private final String tenant = "tenant-" + UUID.randomUUID();
  private final PlatformClient client = platform.client(tenant);

  @AfterEach
  void leavesNoUploadBehind() {
    await().untilAsserted(() -> assertThat(partialUploads()).isEmpty());
    client.close();
  }

  @Test
  void keepsADatasetWithItsColumnsAndRowsAndPublishesTheFact() {
    Dataset dataset = upload(DatasetFormat.DATASET_FORMAT_CSV, "", CSV.getBytes(UTF_8)).dataset();

    assertThat(dataset.getName()).matches("datasets/[0-9a-z]{26}");
    assertThat(dataset.getDisplayName()).isEqualTo("Tickets");
    assertThat(dataset.getColumnsList()).containsExactly("message", "topic");
    assertThat(dataset.getRowCount()).isEqualTo(2);
    assertThat(dataset.getSizeBytes()).isEqualTo(CSV.length());
    assertThat(dataset.getSha256()).isEqualTo(Digest.ofText(CSV).hex());
    assertThat(get(dataset.getName())).isEqualTo(dataset);
    assertThat(new FileSystemArtifactStore(platform.neighbours.artifacts).path(Digest.ofText(CSV)))
        .hasContent(CSV);
    try (Ledger ledger = new Ledger()) {
      await().until(() -> ledger.of(tenant).size() == 1);
      var event = ledger.of(tenant).getFirst();
      assertThat(event.getSubject()).isEqualTo(dataset.getName());
      assertThat(event.getDatasetRegistered().getRowCount()).isEqualTo(2);
    }
  }

  @Test
  void makesOneDatasetOfARepeatedUpload() {
    byte[] content = CSV.getBytes(UTF_8);
    Dataset first = upload(DatasetFormat.DATASET_FORMAT_CSV, "r1", content).dataset();
    Dataset repeated = upload(DatasetFormat.DATASET_FORMAT_CSV, "r1", content).dataset();
    Upload other = upload(DatasetFormat.DATASET_FORMAT_CSV, "r1", (CSV + "x,y\n").getBytes(UTF_8));

    assertThat(repeated).isEqualTo(first);
    assertThat(other.code()).isEqualTo(ErrorCode.REQUEST_ID_REUSED);
  }

  @Test
  void namesTheLineThatIsMalformed() {
    Upload upload =
        upload(DatasetFormat.DATASET_FORMAT_JSONL, "", "{\"a\":1}\n{\"a\":\n".getBytes(UTF_8));

    assertThat(upload.code()).isEqualTo(ErrorCode.MALFORMED_DATASET);
    assertThat(upload.message()).contains("Line 2");
  }

  @Test
  void refusesAFileThatIsNotUtf8() {
    Upload upload =
        upload(
            DatasetFormat.DATASET_FORMAT_CSV,
            "",
            new byte[] {'a', ',', 'b', '\n', (byte) 0xff, ',', 'x'});

    assertThat(upload.code()).isEqualTo(ErrorCode.MALFORMED_DATASET);
    assertThat(upload.message()).contains("UTF-8");
  }

  @Test
  void refusesEmptyFilesAndFilesWithoutRows() {
    assertThat(upload(DatasetFormat.DATASET_FORMAT_CSV, "", new byte[0]).code())
        .isEqualTo(ErrorCode.MALFORMED_DATASET);
    assertThat(upload(DatasetFormat.DATASET_FORMAT_CSV, "", "a,b\n".getBytes(UTF_8)).code())
        .isEqualTo(ErrorCode.MALFORMED_DATASET);
  }

  @Test
  void refusesAnUnknownFormatAndAnUploadWithoutAHeader() {
    assertThat(upload(DatasetFormat.DATASET_FORMAT_UNSPECIFIED, "", CSV.getBytes(UTF_8)).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);

    Upload headless = new Upload(client);
    headless.chunk(new byte[] {1});
    assertThat(headless.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void refusesAnUploadAsSoonAsItPassesTheLimit() {
    Upload upload = new Upload(client);
    upload.header(DatasetFormat.DATASET_FORMAT_CSV, "");
    upload.chunk(new byte[200 * 1024]);
    assertThat(upload.hasEnded()).isFalse();

    upload.chunk(new byte[200 * 1024]);

    // The caller has not ended the stream, and might send two gigabytes more.
    assertThat(upload.code()).isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(upload.message()).contains("307200");
  }

  @Test
  void forgetsAnUploadThatItsCallerCancels() {
    Upload upload = new Upload(client);
    upload.header(DatasetFormat.DATASET_FORMAT_CSV, "");
    upload.chunk(CSV.getBytes(UTF_8));
    await().until(() -> !partialUploads().isEmpty());

    upload.cancel();

    await().untilAsserted(() -> assertThat(partialUploads()).isEmpty());
    assertThat(
            client
                .datasets
                .listDatasets(ListDatasetsRequest.getDefaultInstance())
                .getDatasetsList())
        .isEmpty();
  }

  @Test
  void takesOnlySomeUploadsAtATime() {
    List<Upload> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Upload upload = new Upload(client);
      upload.header(DatasetFormat.DATASET_FORMAT_CSV, "");
      open.add(upload);
    }
    await().until(() -> partialUploads().size() == 3);

    assertThat(upload(DatasetFormat.DATASET_FORMAT_CSV, "", CSV.getBytes(UTF_8)).code())
        .isEqualTo(ErrorCode.QUEUE_FULL);

    open.forEach(Upload::cancel);
    await()
        .ignoreException(AssertionError.class)
        .until(
            () ->
                upload(DatasetFormat.DATASET_FORMAT_CSV, "", CSV.getBytes(UTF_8))
                        .dataset()
                        .getRowCount()
                    == 2);
  }

  @Test
  void listsNewestFirstAndDeletes() {
    Dataset first = upload(DatasetFormat.DATASET_FORMAT_CSV, "", CSV.getBytes(UTF_8)).dataset();
    Dataset second = upload(DatasetFormat.DATASET_FORMAT_CSV, "", CSV.getBytes(UTF_8)).dataset();

    var page =
        client.datasets.listDatasets(ListDatasetsRequest.newBuilder().setPageSize(1).build());
    assertThat(page.getDatasetsList())
        .extracting(Dataset::getName)
        .containsExactly(second.getName());
    var rest =
        client.datasets.listDatasets(
            ListDatasetsRequest.newBuilder().setPageToken(page.getNextPageToken()).build());
    assertThat(rest.getDatasetsList())
        .extracting(Dataset::getName)
        .containsExactly(first.getName());

    var deletion = DeleteDatasetRequest.newBuilder().setName(first.getName()).build();
    try (PlatformClient stranger = platform.client("tenant-" + UUID.randomUUID())) {
      assertThat(refusal(() -> stranger.datasets.deleteDataset(deletion)))
          .isEqualTo(ErrorCode.NOT_FOUND);
    }
    var _ = client.datasets.deleteDataset(deletion);
    assertThat(refusal(() -> get(first.getName()))).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(refusal(() -> client.datasets.deleteDataset(deletion)))
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  private Dataset get(String name) {
    return client.datasets.getDataset(GetDatasetRequest.newBuilder().setName(name).build());
  }

  private Upload upload(DatasetFormat format, String requestId, byte[] content) {
    return Upload.of(client, format, requestId, content, 16);
  }

  private List<Path> partialUploads() throws IOException {
    try (Stream<Path> files = Files.list(platform.neighbours.artifacts.resolve("uploads"))) {
      return files.toList();
    }
  }
}
