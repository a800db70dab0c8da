package io.slipway.gateway.transcoding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.slipway.gateway.rest.QueryString;
import io.slipway.kit.errors.SlipwayException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a method's request message out of the parts of an HTTP request, as {@code
 * google/api/http.proto} lays down: path variables and the body fill what the rule says, query
 * parameters fill other fields.
 */
final class RequestBinding {

  private static final String REQUEST_ID = "request_id";

  private final HttpBinding rule;
  private final Message prototype;
  private final Set<String> bound = new HashSet<>();

  RequestBinding(HttpBinding rule, Message prototype) {
    this.rule = rule;
    this.prototype = prototype;
    rule.path()
        .variables()
        .forEach(variable -> bound.add(field(variable.field()).first().getName()));
    if (rule.hasBody() && !rule.isWholeBody()) {
      bound.add(field(rule.body()).first().getName());
    }
  }

  /**
   * @param body JSON; empty for none
   * @param requestId fills {@code request_id} where the method has one and nothing else does; empty
   *     for none
   */
  Message bind(Map<String, String> variables, QueryString query, String body, String requestId) {
    Message.Builder request = prototype.newBuilderForType();
    if (rule.hasBody() && !body.isBlank()) {
      readBody(request, body);
    }
    query.parameters().forEach((name, values) -> readParameter(request, name, values));
    variables.forEach((name, value) -> readVariable(request, name, value));
    FieldDescriptor id = prototype.getDescriptorForType().findFieldByName(REQUEST_ID);
    if (id != null && !requestId.isEmpty() && request.getField(id).equals("")) {
      request.setField(id, requestId);
    }
    return request.build();
  }

  private void readBody(Message.Builder request, String body) {
    Message.Builder target =
        rule.isWholeBody() ? request : request.getFieldBuilder(field(rule.body()).first());
    try {
      JsonFormat.parser().merge(body, target);
    } catch (InvalidProtocolBufferException mismatch) {
      throw SlipwayException.invalid(
          "The body is not a "
              + target.getDescriptorForType().getName()
              + ": "
              + mismatch.getMessage());
    }
  }

  private void readParameter(Message.Builder request, String name, List<String> values) {
    FieldPath path = FieldPath.find(descriptor(), name).orElseThrow(() -> unknown(name));
    if (rule.isWholeBody() || bound.contains(path.first().getName())) {
      throw unknown(name);
    }
    path.put(request, values, "Query parameter \"" + name + "\"");
  }

  private SlipwayException unknown(String name) {
    String known =
        rule.isWholeBody()
            ? ""
            : descriptor().getFields().stream()
                .filter(field -> !bound.contains(field.getName()))
                .map(FieldDescriptor::getJsonName)
                .collect(Collectors.joining(", "));
    return SlipwayException.invalid(
        "Unknown query parameter \""
            + name
            + "\"; there "
            + (known.isEmpty() ? "is none here." : "are " + known + "."));
  }

  private void readVariable(Message.Builder request, String name, String value) {
    FieldPath path = field(name);
    String inBody = path.text(request);
    if (rule.isWholeBody() && !inBody.isEmpty() && !inBody.equals(value)) {
      throw SlipwayException.invalid(
          "\"" + name + "\" is \"" + inBody + "\" in the body, but \"" + value + "\" in the path.");
    }
    path.put(request, List.of(value), "\"" + name + "\" in the path");
  }

  private FieldPath field(String dotted) {
    return FieldPath.find(descriptor(), dotted)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The rule " + rule.path() + " names " + dotted + ", which is no field."));
  }

  private Descriptor descriptor() {
    return prototype.getDescriptorForType();
  }
}
