package io.slipway.gateway.datasets;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.CallOptions;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetServiceGrpc;
import io.slipway.dataset.v1.UploadDatasetRequest;
import io.slipway.dataset.v1.UploadDatasetRequest.Header;
import io.slipway.gateway.GatewayProperties;
import io.slipway.gateway.api.Backend;
import io.slipway.gateway.api.PublicApi;
import io.slipway.gateway.errors.Problem;
import io.slipway.gateway.rest.PathTemplate;
import io.slipway.gateway.rest.QueryString;
import io.slipway.gateway.rest.RequestBody;
import io.slipway.gateway.rest.RestCall;
import io.slipway.gateway.rest.RestEndpoint;
import io.slipway.gateway.transcoding.MessageJson;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * {@code POST /slipway/v1/datasets}: the file goes through in chunks, no faster than the dataset
 * service takes them. Nothing is stored of an upload that breaks off or is too large.
 */
@Component
class DatasetUpload implements RestEndpoint.Source {

  private static final int CHUNK_BYTES = 256 << 10;

  private static final Set<String> PARAMETERS =
      Set.of("displayName", "display_name", "format", "requestId", "request_id");

  private final Backend.Remote datasets;
  private final GatewayProperties properties;

  DatasetUpload(PublicApi api, GatewayProperties properties) {
    this.datasets = api.backend("import");
    this.properties = properties;
  }

  @Override
  public List<RestEndpoint> endpoints() {
    return List.of(
        new RestEndpoint("POST", PathTemplate.parseTemplate("/slipway/v1/datasets"), this::upload));
  }

  private void upload(RestCall call) throws IOException {
    DataSize limit = properties.limits().upload();
    RequestBody.refuseIfAnnouncedLarger(call.request(), limit);
    QueryString query = call.query();
    query.allowOnly(PARAMETERS);
    UploadedFile file = UploadedFile.of(call.request(), query);
    Header header = header(file, call);
    BlockingClientCall<UploadDatasetRequest, Dataset> upload =
        ClientCalls.blockingClientStreamingCall(
            datasets.channel(),
            DatasetServiceGrpc.getUploadDatasetMethod(),
            CallOptions.DEFAULT.withDeadlineAfter(
                properties.uploadDeadline().toMillis(), TimeUnit.MILLISECONDS));
    try {
      Dataset dataset = send(upload, header, new LimitedStream(file.content(), limit));
      call.answerJson(MessageJson.print(dataset));
    } catch (StatusException failure) {
      throw Problem.ofCall(failure, datasets.name());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorCode.CANCELLED, "The upload was given up.", e);
    } finally {
      // Without effect on an upload that has been answered.
      upload.cancel("The upload broke off.", null);
    }
  }

  private static Header header(UploadedFile file, RestCall call) {
    String displayName = first(file.field("displayName"), file.field("display_name"));
    String requestId = first(file.field("requestId"), file.field("request_id"));
    return Header.newBuilder()
        .setDisplayName(first(displayName, file.fileName()))
        .setFormat(FileFormat.of(file))
        .setRequestId(first(requestId, call.idempotencyKey()))
        .build();
  }

  private static String first(String given, String otherwise) {
    return given.isEmpty() ? otherwise : given;
  }

  private static Dataset send(
      BlockingClientCall<UploadDatasetRequest, Dataset> upload, Header header, InputStream content)
      throws IOException, InterruptedException, StatusException {
    boolean open = upload.write(UploadDatasetRequest.newBuilder().setHeader(header).build());
    byte[] chunk = content.readNBytes(CHUNK_BYTES);
    while (open && chunk.length > 0) {
      open =
          upload.write(
              UploadDatasetRequest.newBuilder()
                  .setChunk(UnsafeByteOperations.unsafeWrap(chunk))
                  .build());
      chunk = content.readNBytes(CHUNK_BYTES);
    }
    if (open) {
      upload.halfClose();
    }
    // A call that the service has closed early says here why.
    Dataset dataset = upload.read();
    if (dataset == null) {
      throw new SlipwayException(ErrorCode.INTERNAL, "The upload was not answered.");
    }
    return dataset;
  }
}
