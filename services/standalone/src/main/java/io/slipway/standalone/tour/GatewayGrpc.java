package io.slipway.standalone.tour;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.slipway.inference.v1.InferenceServiceGrpc;
import io.slipway.inference.v1.LabelScore;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.TextClassificationRequest;
import java.util.concurrent.TimeUnit;

/** The gateway's gRPC API as any client sees it. */
final class GatewayGrpc implements AutoCloseable {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final Metadata credentials = new Metadata();

  GatewayGrpc(String target, String apiKey) {
    channel = ManagedChannelBuilder.forTarget(target).usePlaintext().build();
    credentials.put(AUTHORIZATION, "Bearer " + apiKey);
  }

  /** The best label for a text. */
  LabelScore classify(String endpoint, String text) {
    try {
      return InferenceServiceGrpc.newBlockingStub(channel)
          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(credentials))
          .withDeadlineAfter(30, TimeUnit.SECONDS)
          .predict(
              PredictRequest.newBuilder()
                  .setModel(endpoint)
                  .setTextClassification(
                      TextClassificationRequest.newBuilder().addInputs(text).setTopK(1))
                  .build())
          .getTextClassification()
          .getClassifications(0)
          .getLabels(0);
    } catch (StatusRuntimeException e) {
      throw new ApiException(
          0, e.getStatus().getCode().name(), String.valueOf(e.getStatus().getDescription()));
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
