package io.slipway.gateway.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.slipway.gateway.api.PublicApi;
import io.slipway.gateway.api.PublicMethod;
import io.slipway.gateway.rest.PathTemplate;
import io.slipway.gateway.transcoding.HttpBinding;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Set;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** Describes every HTTP rule of the public API, and the few endpoints that were written by hand. */
@Component
class OpenApiDocument implements OpenApiCustomizer {

  private static final String SECURITY = "apiKey";

  private final PublicApi api;

  OpenApiDocument(PublicApi api) {
    this.api = api;
  }

  @Override
  public void customise(OpenAPI document) {
    ProtoComments comments = new ProtoComments(files());
    MessageSchemas schemas = new MessageSchemas(comments);
    document.setInfo(
        new Info()
            .title("Slipway")
            .version("v1")
            .description(
                "From an open model to a serving endpoint. Errors are RFC 9457 problems."));
    document.setServers(null);
    document.setPaths(new Paths());
    for (var service : api.services()) {
      for (PublicMethod method : service.methods()) {
        for (int i = 0; i < method.http().size(); i++) {
          HttpBinding rule = HttpBinding.of(method.http().get(i));
          Operation operation = operation(method, rule, schemas, comments);
          operation.setOperationId(operationId(method) + (i == 0 ? "" : "_" + (i + 1)));
          add(document, rule.method(), PathNames.of(rule.path()), operation);
        }
      }
    }
    HandwrittenEndpoints.describe(schemas)
        .forEach(
            endpoint ->
                add(
                    document,
                    "POST",
                    PathNames.of(PathTemplate.parseTemplate(endpoint.path())),
                    endpoint.operation()));
    document.setComponents(
        new Components()
            .schemas(schemas.named())
            .addSchemas(Answers.PROBLEM, Answers.problemSchema())
            .addSecuritySchemes(
                SECURITY,
                new SecurityScheme()
                    .type(SecurityScheme.Type.HTTP)
                    .scheme("bearer")
                    .description("An API key: sk-slipway-...")));
    document.addSecurityItem(new SecurityRequirement().addList(SECURITY));
  }

  private Set<FileDescriptor> files() {
    Set<FileDescriptor> files =
        api.services().stream()
            .flatMap(service -> service.methods().stream())
            .map(method -> method.proto().getFile())
            .collect(Collectors.toSet());
    Set.copyOf(files).forEach(file -> files.addAll(file.getDependencies()));
    return files;
  }

  private static String operationId(PublicMethod method) {
    return method.proto().getService().getName() + "_" + method.proto().getName();
  }

  private static Operation operation(
      PublicMethod method, HttpBinding rule, MessageSchemas schemas, ProtoComments comments) {
    Operation operation =
        new Operation()
            .addTagsItem(method.proto().getService().getName())
            .summary(words(method.proto().getName()));
    String comment = comments.of(method.proto().getFullName());
    if (!comment.isEmpty()) {
      operation.setDescription(comment);
    }
    PathNames.of(rule.path())
        .parameters()
        .forEach(name -> operation.addParametersItem(Answers.pathParameter(name)));
    Descriptor request = method.proto().getInputType();
    if (rule.hasBody()) {
      Schema<?> body =
          rule.isWholeBody()
              ? schemas.of(request)
              : schemas.of(request.findFieldByName(rule.body()).getMessageType());
      operation.setRequestBody(
          new RequestBody().required(!rule.isWholeBody()).content(Answers.json(body)));
    }
    if (!rule.isWholeBody()) {
      queryParameters(operation, request, rule, schemas);
    }
    return operation.responses(responses(method, schemas));
  }

  private static void queryParameters(
      Operation operation, Descriptor request, HttpBinding rule, MessageSchemas schemas) {
    Set<String> bound =
        rule.path().variables().stream()
            .map(variable -> variable.field())
            .collect(Collectors.toSet());
    for (FieldDescriptor field : request.getFields()) {
      boolean plain = field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
      if (plain && !bound.contains(field.getName()) && !field.getName().equals(rule.body())) {
        Schema<?> schema = schemas.field(field);
        operation.addParametersItem(
            new Parameter()
                .in("query")
                .name(field.getJsonName())
                .schema(schema)
                .description(schema.getDescription()));
      }
    }
  }

  private static ApiResponses responses(PublicMethod method, MessageSchemas schemas) {
    Schema<?> answer = schemas.of(method.proto().getOutputType());
    return Answers.responses(
        method.streamsAnswers()
            ? Answers.content("text/event-stream", new ArraySchema().items(answer))
            : Answers.json(answer));
  }

  private static String words(String name) {
    String spaced = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ");
    return spaced.substring(0, 1) + spaced.substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  private static void add(OpenAPI document, String method, PathNames path, Operation operation) {
    PathItem item = document.getPaths().get(path.text());
    if (item == null) {
      item = new PathItem();
      document.getPaths().addPathItem(path.text(), item);
    }
    item.operation(HttpMethod.valueOf(method), operation);
  }
}
