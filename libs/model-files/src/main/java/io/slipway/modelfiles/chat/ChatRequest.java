package io.slipway.modelfiles.chat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A conversation and how to render it.
 *
 * @param messages an array of objects with {@code role}, mostly {@code content}, and whatever else
 *     the template looks for; as in the chat API that most servers offer
 * @param tools an array of JSON schemas of functions
 * @param documents an array of objects for templates that answer from documents
 * @param addGenerationPrompt whether what introduces the assistant's answer follows
 * @param continueFinalMessage whether the prompt ends inside the last message, to be continued; not
 *     together with {@code addGenerationPrompt}
 * @param variables what else the template can use, such as {@code enable_thinking}
 * @param template the name of a template other than the one that the reference would take
 */
public record ChatRequest(
    JsonNode messages,
    Optional<JsonNode> tools,
    Optional<JsonNode> documents,
    boolean addGenerationPrompt,
    boolean continueFinalMessage,
    Map<String, JsonNode> variables,
    Optional<String> template) {

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * @throws IllegalArgumentException when messages, tools or documents are no arrays of objects
   */
  public ChatRequest {
    requireObjects("messages", messages);
    tools.ifPresent(given -> requireObjects("tools", given));
    documents.ifPresent(given -> requireObjects("documents", given));
    if (addGenerationPrompt && continueFinalMessage) {
      throw new IllegalArgumentException(
          "a generation prompt cannot follow a final message that is to be continued");
    }
    variables = Map.copyOf(variables);
  }

  /** A conversation to be answered. */
  public static ChatRequest of(JsonNode messages) {
    return new ChatRequest(
        messages, Optional.empty(), Optional.empty(), true, false, Map.of(), Optional.empty());
  }

  /** A conversation to be answered, of plain maps, lists, texts, numbers and booleans. */
  public static ChatRequest of(List<? extends Map<String, ?>> messages) {
    return of((JsonNode) JSON.valueToTree(messages));
  }

  public ChatRequest withTools(JsonNode given) {
    return new ChatRequest(
        messages,
        Optional.of(given),
        documents,
        addGenerationPrompt,
        continueFinalMessage,
        variables,
        template);
  }

  public ChatRequest withVariables(Map<String, JsonNode> given) {
    return new ChatRequest(
        messages, tools, documents, addGenerationPrompt, continueFinalMessage, given, template);
  }

  /** The conversation as it is, such as one that is learned from. */
  public ChatRequest complete() {
    return new ChatRequest(messages, tools, documents, false, false, variables, template);
  }

  /** The conversation to be continued inside its last message. */
  public ChatRequest continued() {
    return new ChatRequest(messages, tools, documents, false, true, variables, template);
  }

  private static void requireObjects(String name, JsonNode node) {
    if (!node.isArray() || !node.values().stream().allMatch(JsonNode::isObject)) {
      throw new IllegalArgumentException(
          "%s have to be an array of objects, not %s"
              .formatted(name, node.isArray() ? "an array of others" : node.getNodeType()));
    }
  }
}
