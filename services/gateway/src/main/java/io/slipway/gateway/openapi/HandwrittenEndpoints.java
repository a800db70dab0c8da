package io.slipway.gateway.openapi;

import io.slipway.dataset.v1.Dataset;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BinarySchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.util.List;

/** The endpoints that no HTTP rule describes. */
final class HandwrittenEndpoints {

  private HandwrittenEndpoints() {}

  record Endpoint(String path, Operation operation) {}

  static List<Endpoint> describe(MessageSchemas schemas) {
    return List.of(
        new Endpoint("/slipway/v1/datasets", upload(schemas)),
        new Endpoint("/models/{id=*}", classify("endpoint", "id")),
        new Endpoint("/models/{id=*/*}", classify("model", "namespace", "model")));
  }

  private static Operation upload(MessageSchemas schemas) {
    var body = Answers.content("text/csv", new BinarySchema());
    body.addMediaType("text/tab-separated-values", new MediaType().schema(new BinarySchema()));
    body.addMediaType("application/x-ndjson", new MediaType().schema(new BinarySchema()));
    body.addMediaType(
        "multipart/form-data",
        new MediaType().schema(new ObjectSchema().addProperty("file", new BinarySchema())));
    return new Operation()
        .operationId("DatasetService_UploadDataset")
        .addTagsItem("DatasetService")
        .summary("Upload dataset")
        .description(
            "The file is streamed; nothing is stored unless all of it arrives and can be read.")
        .addParametersItem(query("displayName", "What to call it."))
        .addParametersItem(query("format", "csv, tsv or jsonl; else the media type says."))
        .addParametersItem(query("requestId", "Makes a repeated upload the same dataset."))
        .requestBody(new RequestBody().required(true).content(body))
        .responses(Answers.responses(Answers.json(schemas.of(Dataset.getDescriptor()))));
  }

  private static Parameter query(String name, String description) {
    return new Parameter()
        .in("query")
        .name(name)
        .description(description)
        .schema(new StringSchema());
  }

  private static Operation classify(String by, String... parameters) {
    Schema<?> text = new StringSchema();
    Schema<?> request =
        new ObjectSchema()
            .addProperty(
                "inputs", new Schema<>().oneOf(List.of(text, new ArraySchema().items(text))))
            .addProperty(
                "parameters",
                new ObjectSchema()
                    .addProperty(
                        "function_to_apply",
                        new StringSchema()._enum(List.of("softmax", "sigmoid", "none")))
                    .addProperty("top_k", new IntegerSchema()));
    Schema<?> label =
        new ObjectSchema()
            .addProperty("label", new StringSchema())
            .addProperty("score", new NumberSchema());
    Operation operation =
        new Operation()
            .operationId("HuggingFace_textClassification_by_" + by)
            .addTagsItem("Hugging Face task API")
            .summary("Text classification, by " + by)
            .requestBody(new RequestBody().required(true).content(Answers.json(request)))
            .responses(
                Answers.responses(
                    Answers.json(new ArraySchema().items(new ArraySchema().items(label)))));
    List.of(parameters).forEach(name -> operation.addParametersItem(Answers.pathParameter(name)));
    return operation;
  }
}
