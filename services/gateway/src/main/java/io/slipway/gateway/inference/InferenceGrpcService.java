package io.slipway.gateway.inference;

import io.grpc.stub.StreamObserver;
import io.slipway.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import org.springframework.grpc.server.service.GrpcService;

@GrpcService
class InferenceGrpcService extends InferenceServiceImplBase {

  private final EndpointPredictions predictions;

  InferenceGrpcService(EndpointPredictions predictions) {
    this.predictions = predictions;
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> answer) {
    answer.onNext(predictions.predict(request));
    answer.onCompleted();
  }
}
