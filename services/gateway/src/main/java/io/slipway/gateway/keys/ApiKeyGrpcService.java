package io.slipway.gateway.keys;

import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import io.slipway.identity.v1.ApiKeyServiceGrpc.ApiKeyServiceImplBase;
import io.slipway.identity.v1.CreateApiKeyRequest;
import io.slipway.identity.v1.CreateApiKeyResponse;
import io.slipway.identity.v1.DeleteApiKeyRequest;
import io.slipway.identity.v1.ListApiKeysRequest;
import io.slipway.identity.v1.ListApiKeysResponse;
import org.springframework.grpc.server.service.GrpcService;

@GrpcService
class ApiKeyGrpcService extends ApiKeyServiceImplBase {

  private final ApiKeyAdministration keys;

  ApiKeyGrpcService(ApiKeyAdministration keys) {
    this.keys = keys;
  }

  @Override
  public void createApiKey(
      CreateApiKeyRequest request, StreamObserver<CreateApiKeyResponse> answer) {
    answer.onNext(keys.create(request));
    answer.onCompleted();
  }

  @Override
  public void listApiKeys(ListApiKeysRequest request, StreamObserver<ListApiKeysResponse> answer) {
    answer.onNext(keys.list(request));
    answer.onCompleted();
  }

  @Override
  public void deleteApiKey(DeleteApiKeyRequest request, StreamObserver<Empty> answer) {
    answer.onNext(keys.delete(request));
    answer.onCompleted();
  }
}
