package io.slipway.gateway.huggingface;

import io.slipway.gateway.errors.HttpError;
import io.slipway.inference.v1.LabelScore;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.inference.v1.TextClassificationRequest;
import io.slipway.inference.v1.TextClassificationRequest.FunctionToApply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text-classification task of Hugging Face's inference API: {@code {"inputs": ...,
 * "parameters": {"function_to_apply": ..., "top_k": ...}}} in, {@code [[{"label", "score"}, ...],
 * ...]} out, a list of labels for each input, also for a single one.
 */
final class TextClassification {

  private TextClassification() {}

  static PredictRequest request(JsonMapper json, String body, String endpoint) {
    JsonNode root = parse(json, body);
    TextClassificationRequest.Builder task = TextClassificationRequest.newBuilder();
    task.addAllInputs(inputs(root.path("inputs")));
    JsonNode parameters = root.path("parameters");
    if (!parameters.isMissingNode() && !parameters.isNull() && !parameters.isObject()) {
      throw HttpError.unprocessable("\"parameters\" is " + parameters + "; it must be an object.");
    }
    parameters
        .properties()
        .forEach(parameter -> readParameter(task, parameter.getKey(), parameter.getValue()));
    return PredictRequest.newBuilder().setModel(endpoint).setTextClassification(task).build();
  }

  private static JsonNode parse(JsonMapper json, String body) {
    try {
      JsonNode root = json.readTree(body);
      if (!root.isObject()) {
        throw HttpError.of(400, "The body must be a JSON object with \"inputs\".");
      }
      return root;
    } catch (JacksonException malformed) {
      throw HttpError.of(400, "The body is not JSON: " + malformed.getOriginalMessage());
    }
  }

  private static List<String> inputs(JsonNode inputs) {
    if (inputs.isString()) {
      return List.of(inputs.stringValue());
    }
    List<String> texts = new ArrayList<>();
    if (inputs.isArray()) {
      inputs.forEach(
          input -> {
            if (!input.isString()) {
              throw badInputs(inputs);
            }
            texts.add(input.stringValue());
          });
    }
    if (texts.isEmpty()) {
      throw badInputs(inputs);
    }
    return texts;
  }

  private static HttpError badInputs(JsonNode inputs) {
    String given = inputs.isMissingNode() ? "missing" : abbreviated(inputs.toString());
    return HttpError.unprocessable(
        "\"inputs\" is " + given + "; it must be a string or a list of strings.");
  }

  private static String abbreviated(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }

  private static void readParameter(
      TextClassificationRequest.Builder task, String name, JsonNode value) {
    if (value.isNull()) {
      return;
    }
    switch (name) {
      case "top_k" -> {
        if (!value.isInt() || value.intValue() < 1) {
          throw HttpError.unprocessable("\"top_k\" is " + value + "; it must be at least 1.");
        }
        task.setTopK(value.intValue());
      }
      case "function_to_apply" -> task.setFunctionToApply(function(value));
      default ->
          throw HttpError.unprocessable(
              "Unknown parameter \"" + name + "\"; there are function_to_apply and top_k.");
    }
  }

  private static FunctionToApply function(JsonNode value) {
    return switch (value.isString() ? value.stringValue() : "") {
      case "softmax" -> FunctionToApply.FUNCTION_TO_APPLY_SOFTMAX;
      case "sigmoid" -> FunctionToApply.FUNCTION_TO_APPLY_SIGMOID;
      case "none" -> FunctionToApply.FUNCTION_TO_APPLY_NONE;
      default ->
          throw HttpError.unprocessable(
              "\"function_to_apply\" is " + value + "; it must be softmax, sigmoid or none.");
    };
  }

  static String answer(JsonMapper json, PredictResponse response) {
    return json.writeValueAsString(
        response.getTextClassification().getClassificationsList().stream()
            .map(one -> one.getLabelsList().stream().map(TextClassification::label).toList())
            .toList());
  }

  private static Map<String, Object> label(LabelScore score) {
    return Map.of("label", score.getLabel(), "score", score.getScore());
  }
}
