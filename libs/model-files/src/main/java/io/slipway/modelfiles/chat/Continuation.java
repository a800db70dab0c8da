package io.slipway.modelfiles.chat;

import io.slipway.modelfiles.chat.jinja.Rendered;
import io.slipway.modelfiles.chat.jinja.Rendered.Span;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ends a prompt inside its last message: a mark is added to the message, and what is rendered from
 * the mark on is cut off. Does nothing where this is not asked for.
 */
final class Continuation {

  private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG ";
  private static final String CONTENT = "content";
  private static final String TEXT = "text";

  private final boolean continued;
  private final JsonNode messages;
  private final String text;

  /**
   * @throws IllegalArgumentException when the last message has no text
   */
  Continuation(ChatRequest request, String template) {
    continued = request.continueFinalMessage();
    if (!continued) {
      messages = request.messages();
      text = "";
      return;
    }
    if (!template.contains(CONTENT)) {
      throw new IllegalArgumentException(
          "the chat template takes no content, so no final message can be continued");
    }
    ArrayNode copy = (ArrayNode) request.messages().deepCopy();
    JsonNode last = copy.isEmpty() ? copy : copy.get(copy.size() - 1);
    boolean plain = last.path(CONTENT).isString();
    ObjectNode holder = plain ? (ObjectNode) last : lastTextPart(last.path(CONTENT));
    String field = plain ? CONTENT : TEXT;
    text = holder.get(field).asString();
    holder.put(field, text + MARK);
    messages = copy;
  }

  private static ObjectNode lastTextPart(JsonNode content) {
    for (int i = content.size() - 1; i >= 0; i--) {
      if (content.get(i).path(TEXT).isString()) {
        return (ObjectNode) content.get(i);
      }
    }
    throw new IllegalArgumentException("the final message has no text that could be continued");
  }

  JsonNode messages() {
    return messages;
  }

  /**
   * @throws IllegalArgumentException when the template left the final message out
   */
  Rendered cut(Rendered rendered) {
    if (!continued) {
      return rendered;
    }
    String whole = rendered.text();
    int at = whole.lastIndexOf(MARK.strip());
    if (at < 0 || !whole.contains(text.strip())) {
      throw new IllegalArgumentException(
          "the chat template leaves out the final message, so it cannot be continued");
    }
    // Where the template trims the message, the blanks before the mark have to go too.
    String cut = whole.substring(0, at);
    String kept = whole.startsWith(MARK, at) ? cut : cut.stripTrailing();
    List<Span> generated =
        rendered.generated().stream()
            .filter(span -> span.begin() < kept.length())
            .map(span -> new Span(span.begin(), Math.min(span.end(), kept.length())))
            .toList();
    return new Rendered(kept, generated);
  }
}
