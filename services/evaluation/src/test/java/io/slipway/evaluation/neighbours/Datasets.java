package io.slipway.evaluation.neighbours;

import io.grpc.stub.StreamObserver;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.StoredBlob;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.dataset.v1.DatasetServiceGrpc.DatasetServiceImplBase;
import io.slipway.dataset.v1.GetDatasetRequest;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** CSV files that tests have put there. */
public final class Datasets extends DatasetServiceImplBase {

  private final Map<String, Dataset> datasets = new ConcurrentHashMap<>();

  /** Stores a header and rows. */
  public void add(ArtifactStore store, String name, String header, List<String> rows) {
    byte[] csv = (header + "\n" + String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8);
    StoredBlob blob = store.write(new ByteArrayInputStream(csv), csv.length);
    datasets.put(
        name,
        Dataset.newBuilder()
            .setName(name)
            .setFormat(DatasetFormat.DATASET_FORMAT_CSV)
            .addAllColumns(List.of(header.split(",")))
            .setRowCount(rows.size())
            .setSizeBytes(csv.length)
            .setSha256(blob.digest().hex())
            .build());
  }

  @Override
  public void getDataset(GetDatasetRequest request, StreamObserver<Dataset> responses) {
    Dataset dataset = datasets.get(request.getName());
    if (dataset == null) {
      responses.onError(GrpcErrors.toException(SlipwayException.notFound(request.getName())));
      return;
    }
    responses.onNext(dataset);
    responses.onCompleted();
  }
}
