package io.slipway.gateway.transcoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.slipway.catalog.v1.ListHubModelsRequest;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.dataset.v1.SplitPart;
import io.slipway.dataset.v1.UploadDatasetRequest;
import io.slipway.deployment.v1.Deployment;
import io.slipway.deployment.v1.UpdateTrafficRequest;
import io.slipway.events.v1.Event;
import io.slipway.gateway.rest.PathTemplate;
import io.slipway.gateway.rest.QueryString;
import io.slipway.imports.v1.CreateImportRequest;
import io.slipway.kit.errors.SlipwayException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestBindingTests {

  @Test
  void readsParametersInEitherCase() {
    Message request =
        query(ListHubModelsRequest.getDefaultInstance(), "page_size=5&pipelineTag=a%20b");
    assertThat(request)
        .isEqualTo(ListHubModelsRequest.newBuilder().setPageSize(5).setPipelineTag("a b").build());
  }

  @Test
  void readsNestedFieldsEnumsRepeatedFieldsAndTimes() {
    assertThat(
            query(
                UploadDatasetRequest.getDefaultInstance(),
                "header.format=DATASET_FORMAT_CSV&header.displayName=x"))
        .isEqualTo(
            UploadDatasetRequest.newBuilder()
                .setHeader(
                    UploadDatasetRequest.Header.newBuilder()
                        .setFormat(DatasetFormat.DATASET_FORMAT_CSV)
                        .setDisplayName("x"))
                .build());
    assertThat(
            query(SplitPart.getDefaultInstance(), "split.seed=-3&split.testFraction=0.25&part=3"))
        .isEqualTo(
            SplitPart.newBuilder()
                .setSplit(
                    io.slipway.dataset.v1.Split.newBuilder().setSeed(-3).setTestFraction(0.25))
                .setPart(SplitPart.Part.PART_TEST)
                .build());
    Event event = (Event) query(Event.getDefaultInstance(), "time=2026-01-02T03:04:05Z");
    assertThat(event.getTime().getSeconds()).isEqualTo(1767323045);
    var model = io.slipway.catalog.v1.HubModel.getDefaultInstance();
    assertThat(((io.slipway.catalog.v1.HubModel) query(model, "tags=a&tags=b")).getTagsList())
        .containsExactly("a", "b");
  }

  @Test
  void namesTheParameterOfTheWrongType() {
    refuses(ListHubModelsRequest.getDefaultInstance(), "pageSize=many", "pageSize", "32-bit");
    refuses(ListHubModelsRequest.getDefaultInstance(), "importableOnly=yes", "true or false");
    refuses(Deployment.getDefaultInstance(), "device=TPU", "device", "DEVICE_CUDA");
    refuses(Event.getDefaultInstance(), "time=yesterday", "time", "timestamp");
    refuses(ListHubModelsRequest.getDefaultInstance(), "pageSize=1&pageSize=2", "2 times");
  }

  @Test
  void namesAnUnknownParameterAndWhatThereIs() {
    refuses(ListHubModelsRequest.getDefaultInstance(), "pagesize=1", "pagesize", "pageSize");
    refuses(ListHubModelsRequest.getDefaultInstance(), "query.x=1", "query.x");
  }

  @Test
  void fillsTheRequestIdOnlyWhereNothingElseDoes() {
    var rule = rule("POST", "/v1/imports", "import");
    var binding = new RequestBinding(rule, CreateImportRequest.getDefaultInstance());
    CreateImportRequest filled =
        (CreateImportRequest) binding.bind(Map.of(), QueryString.parse(null), "{}", "k1");
    assertThat(filled.getRequestId()).isEqualTo("k1");
    CreateImportRequest given =
        (CreateImportRequest) binding.bind(Map.of(), QueryString.parse("requestId=q"), "{}", "k1");
    assertThat(given.getRequestId()).isEqualTo("q");
  }

  @Test
  void refusesANameInTheBodyThatIsNotTheOneInThePath() {
    var rule = rule("POST", "/v1/{name=endpoints/*}:updateTraffic", "*");
    var binding = new RequestBinding(rule, UpdateTrafficRequest.getDefaultInstance());
    var path = Map.of("name", "endpoints/a");
    var none = QueryString.parse(null);
    assertThat(binding.bind(path, none, "{\"name\":\"endpoints/a\"}", ""))
        .isEqualTo(UpdateTrafficRequest.newBuilder().setName("endpoints/a").build());
    assertThatThrownBy(() -> binding.bind(path, none, "{\"name\":\"endpoints/b\"}", ""))
        .hasMessageContaining("endpoints/b")
        .hasMessageContaining("endpoints/a");
  }

  private static Message query(Message prototype, String query) {
    return new RequestBinding(rule("GET", "/v1/things", ""), prototype)
        .bind(Map.of(), QueryString.parse(query), "", "");
  }

  private static void refuses(Message prototype, String query, String... messages) {
    assertThatThrownBy(() -> query(prototype, query))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContainingAll(messages);
  }

  private static HttpBinding rule(String method, String path, String body) {
    return new HttpBinding(method, PathTemplate.parseTemplate(path), body);
  }
}
