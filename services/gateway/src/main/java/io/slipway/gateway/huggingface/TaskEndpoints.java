package io.slipway.gateway.huggingface;

import io.slipway.gateway.GatewayProperties;
import io.slipway.gateway.inference.EndpointPredictions;
import io.slipway.gateway.rest.PathTemplate;
import io.slipway.gateway.rest.RequestBody;
import io.slipway.gateway.rest.RestCall;
import io.slipway.gateway.rest.RestEndpoint;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.kit.identity.Caller;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /models/{owner}/{model}} and {@code POST /models/{endpoint}}. */
@Component
class TaskEndpoints implements RestEndpoint.Source {

  private static final String ID = "id";

  private final ServedModels models;
  private final EndpointPredictions predictions;
  private final GatewayProperties properties;
  private final JsonMapper json;

  TaskEndpoints(
      ServedModels models,
      EndpointPredictions predictions,
      GatewayProperties properties,
      JsonMapper json) {
    this.models = models;
    this.predictions = predictions;
    this.properties = properties;
    this.json = json;
  }

  @Override
  public List<RestEndpoint> endpoints() {
    return List.of(
        new RestEndpoint("POST", PathTemplate.parseTemplate("/models/{id=*}"), this::classify),
        new RestEndpoint("POST", PathTemplate.parseTemplate("/models/{id=*/*}"), this::classify));
  }

  private void classify(RestCall call) throws IOException {
    String id = call.variables().getOrDefault(ID, "");
    String endpoint = models.endpoint(Caller.current().tenant(), id);
    String body = RequestBody.json(call.request(), properties.limits().body());
    PredictRequest request = TextClassification.request(json, body, endpoint);
    PredictResponse response = predictions.predict(request);
    call.answerJson(TextClassification.answer(json, response));
  }
}
