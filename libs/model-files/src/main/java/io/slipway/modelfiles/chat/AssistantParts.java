package io.slipway.modelfiles.chat;

import io.slipway.modelfiles.chat.jinja.Rendered;
import io.slipway.modelfiles.chat.jinja.Rendered.Span;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Finds what the assistant says in a rendered conversation by rendering its beginnings: a part
 * begins where the prompt for it ends, and ends where the conversation up to it does. Works for
 * templates that render a beginning as they render it within the whole.
 */
record AssistantParts(ChatTemplate template, ChatRequest request) {

  private static final String ROLE = "role";
  private static final String ASSISTANT = "assistant";

  /**
   * @throws IllegalArgumentException when the template renders a beginning in another way
   */
  Rendered find() {
    String whole = template.render(request.complete());
    List<Span> parts = new ArrayList<>();
    for (int i = 0; i < request.messages().size(); i++) {
      if (request.messages().get(i).path(ROLE).asString("").equals(ASSISTANT)) {
        parts.add(part(whole, i));
      }
    }
    return new Rendered(whole, List.copyOf(parts));
  }

  private Span part(String whole, int message) {
    String upTo = template.render(beginning(message + 1).complete());
    int begin = 0;
    if (message > 0) {
      String before = template.render(beginning(message).complete());
      String prompt = template.render(beginning(message));
      begin = common(prompt, upTo);
      if (begin < before.length()) {
        throw unlike(message);
      }
    }
    if (!whole.startsWith(upTo)) {
      throw unlike(message);
    }
    return new Span(begin, upTo.length());
  }

  /** The first messages, to be answered. */
  private ChatRequest beginning(int messages) {
    ArrayNode first = JsonNodeFactory.instance.arrayNode();
    for (JsonNode message : request.messages().values().stream().limit(messages).toList()) {
      first.add(message);
    }
    return new ChatRequest(
        first,
        request.tools(),
        request.documents(),
        true,
        false,
        request.variables(),
        request.template());
  }

  /** A prompt may hold more than the answer keeps, such as the opening of a thought. */
  private static int common(String prompt, String answered) {
    int length = 0;
    while (length < Math.min(prompt.length(), answered.length())
        && prompt.charAt(length) == answered.charAt(length)) {
      length++;
    }
    return length;
  }

  private static IllegalArgumentException unlike(int message) {
    return new IllegalArgumentException(
        "it renders the beginning up to message %d in another way than within the whole, and has no generation blocks, so that the assistant's parts cannot be told"
            .formatted(message + 1));
  }
}
