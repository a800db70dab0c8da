package io.slipway.gateway.openapi;

import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;

/** Pieces that every operation of the document has. */
final class Answers {

  static final String PROBLEM = "Problem";

  private Answers() {}

  static Content json(Schema<?> schema) {
    return content("application/json", schema);
  }

  static Content content(String type, Schema<?> schema) {
    return new Content().addMediaType(type, new MediaType().schema(schema));
  }

  static Parameter pathParameter(String name) {
    return new Parameter().in("path").name(name).required(true).schema(new StringSchema());
  }

  /** The answer when all goes well, and a problem for everything else. */
  static ApiResponses responses(Content content) {
    Schema<?> problem = new Schema<>().$ref("#/components/schemas/" + PROBLEM);
    return new ApiResponses()
        .addApiResponse("200", new ApiResponse().description("OK").content(content))
        .addApiResponse(
            "default",
            new ApiResponse()
                .description("What went wrong.")
                .content(content("application/problem+json", problem)));
  }

  static Schema<?> problemSchema() {
    return new ObjectSchema()
        .description("RFC 9457.")
        .addProperty("type", new StringSchema().example("urn:slipway:error:not-found"))
        .addProperty("title", new StringSchema())
        .addProperty("status", new IntegerSchema())
        .addProperty("detail", new StringSchema())
        .addProperty("instance", new StringSchema())
        .addProperty("code", new StringSchema().description("Stable; clients may depend on it."))
        .addProperty("requestId", new StringSchema())
        .addProperty("traceId", new StringSchema());
  }
}
