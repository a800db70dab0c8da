package io.slipway.finetune.testing;

import io.grpc.stub.StreamObserver;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetServiceGrpc.DatasetServiceImplBase;
import io.slipway.dataset.v1.GetDatasetRequest;
import io.slipway.kit.errors.SlipwayException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Knows datasets by name. */
public final class DatasetStandIn extends DatasetServiceImplBase {

  private final Map<String, Dataset> datasets = new ConcurrentHashMap<>();

  public void add(Dataset dataset) {
    datasets.put(dataset.getName(), dataset);
  }

  @Override
  public void getDataset(GetDatasetRequest request, StreamObserver<Dataset> responses) {
    Dataset found = datasets.get(request.getName());
    if (found == null) {
      Answers.refuse(responses, SlipwayException.notFound(request.getName()));
    } else {
      Answers.answer(responses, found);
    }
  }
}
