package io.slipway.modelfiles.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.chat.jinja.Rendered;
import io.slipway.modelfiles.chat.jinja.Rendered.Span;
import io.slipway.modelfiles.chat.jinja.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTests {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-07-05T08:03:09Z"), ZoneOffset.UTC);
  private static final List<Map<String, String>> HELLO =
      List.of(Map.of("role", "user", "content", "Hello"));
  private static final Set<String> OWN_FIELDS =
      Set.of("messages", "tools", "add_generation_prompt", "continue_final_message");

  @TempDir Path temp;

  private static JsonNode golden() throws IOException {
    return JSON.readTree(Files.readAllBytes(Path.of("src/test/resources/chat/conversations.json")));
  }

  static Stream<JsonNode> conversations() throws IOException {
    return golden().get("cases").valueStream();
  }

  private static ChatRequest request(JsonNode conversation) {
    Map<String, JsonNode> variables = new HashMap<>();
    conversation
        .properties()
        .forEach(
            field -> {
              if (!OWN_FIELDS.contains(field.getKey())) {
                variables.put(field.getKey(), field.getValue());
              }
            });
    return new ChatRequest(
        conversation.get("messages"),
        conversation.optional("tools"),
        Optional.empty(),
        conversation.path("add_generation_prompt").asBoolean(true),
        conversation.path("continue_final_message").asBoolean(false),
        variables,
        Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void rendersAsTheReferenceDoes(JsonNode expected) throws IOException {
    JsonNode golden = golden();
    Map<String, String> tokens = new HashMap<>();
    golden
        .get("special_tokens")
        .properties()
        .forEach(token -> tokens.put(token.getKey(), token.getValue().asString()));
    String source = golden.get("templates").get(expected.get("template").asString()).asString();
    ChatTemplate template = new ChatTemplate(Map.of("default", source), tokens, CLOCK);
    ChatRequest request =
        request(golden.get("conversations").get(expected.get("conversation").asString()));

    if (expected.has("error")) {
      assertThatThrownBy(() -> template.render(request))
          .isInstanceOfSatisfying(
              TemplateException.class,
              e -> {
                assertThat(e.reason().name().toLowerCase(Locale.ROOT))
                    .isEqualTo(expected.get("error").asString());
                if (e.reason() == TemplateException.Reason.RAISED) {
                  assertThat(e).hasMessage(expected.get("message").asString());
                }
              });
      return;
    }
    Rendered rendered = template.renderTracked(request);
    assertThat(rendered.text()).isEqualTo(expected.get("text").asString());
    if (expected.has("spans")) {
      assertThat(rendered.generated())
          .isEqualTo(
              expected
                  .get("spans")
                  .valueStream()
                  // The reference does not cut the parts where it cuts the text.
                  .map(
                      span ->
                          new Span(
                              span.get(0).asInt(),
                              Math.min(span.get(1).asInt(), rendered.text().length())))
                  .toList());
    }
  }

  private ChatTemplate open() throws IOException {
    return ChatTemplate.open(temp, CLOCK).orElseThrow();
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(temp.resolve(name).getParent());
    Files.writeString(temp.resolve(name), text);
  }

  @Test
  void findsATemplateInTheTokenizersConfiguration() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ image_token }}",
         "bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "unk_token": null,
         "extra_special_tokens": {"image_token": "<img>"}}
        """);

    assertThat(open().render(ChatRequest.of(HELLO))).isEqualTo("<s>Hello</s><img>");
  }

  @Test
  void takesTokensOfTheOlderFileWhereTheNewerHasNoDetails() throws IOException {
    write("special_tokens_map.json", "{\"bos_token\": \"<old>\", \"eos_token\": \"<end>\"}");
    write("chat_template.jinja", "{{ bos_token }}{{ eos_token }}");
    write("tokenizer_config.json", "{\"bos_token\": \"<s>\"}");
    assertThat(open().render(ChatRequest.of(HELLO))).isEqualTo("<old><end>");

    write("tokenizer_config.json", "{\"bos_token\": \"<s>\", \"added_tokens_decoder\": {}}");
    assertThat(open().render(ChatRequest.of(HELLO))).isEqualTo("<s>");
  }

  @Test
  void choosesAmongNamedTemplates() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "default", "template": "plain"},
                           {"name": "tool_use", "template": "{{ tools[0].name }}"},
                           {"name": "rag", "template": "{{ documents|length }} documents"}]}
        """);
    ChatTemplate template = open();
    ChatRequest request = ChatRequest.of(HELLO);

    assertThat(template.names()).containsExactly("default", "rag", "tool_use");
    assertThat(template.render(request)).isEqualTo("plain");
    assertThat(template.render(request.withTools(JSON.readTree("[{\"name\": \"clock\"}]"))))
        .isEqualTo("clock");
    assertThat(
            template.render(
                new ChatRequest(
                    request.messages(),
                    Optional.empty(),
                    Optional.of(JSON.readTree("[{}, {}]")),
                    true,
                    false,
                    Map.of(),
                    Optional.of("rag"))))
        .isEqualTo("2 documents");
    assertThatThrownBy(
            () ->
                template.render(
                    new ChatRequest(
                        request.messages(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        false,
                        Map.of(),
                        Optional.of("poem"))))
        .isInstanceOf(ModelFilesException.class)
        .hasMessage("there is no chat template \"poem\"; there are: default, rag, tool_use");
  }

  @Test
  void prefersTemplatesInFilesOfTheirOwn() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"from the configuration\"}");
    write("chat_template.jinja", "from a file\n");
    write("additional_chat_templates/tool_use.jinja", "from the folder");

    assertThat(open().render(ChatRequest.of(HELLO))).isEqualTo("from a file");
    assertThat(open().names()).containsExactly("default", "tool_use");
  }

  @Test
  void hasNoneWhereTheCheckpointHasNone() throws IOException {
    assertThat(ChatTemplate.open(temp)).isEmpty();
    write("tokenizer_config.json", "{\"chat_template\": null}");
    assertThat(ChatTemplate.open(temp)).isEmpty();
  }

  @Test
  void refusesFilesThatAreMalformed() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": [{\"name\": \"default\"}]}");
    assertThatThrownBy(() -> ChatTemplate.open(temp))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining("expected a string, or an array of objects of name and template");
    write("tokenizer_config.json", "{\"bos_token\": 3}");
    assertThatThrownBy(() -> ChatTemplate.open(temp))
        .hasMessageContaining("bos_token is 3, expected a string");
    write("tokenizer_config.json", "{}");
    write("chat_template.jinja", "x".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> ChatTemplate.open(temp))
        .hasMessage("chat_template.jinja has 1048577 bytes, the limit is 1048576");
  }

  @Test
  void hindersNothingButItsOwnUseWhenATemplateIsMalformed() throws IOException {
    write("chat_template.jinja", "fine");
    write("additional_chat_templates/tool_use.jinja", "{% if %}");

    ChatRequest request = ChatRequest.of(HELLO);
    assertThat(open().render(request)).isEqualTo("fine");
    assertThatThrownBy(() -> open().render(request.withTools(JSON.readTree("[{}]"))))
        .isInstanceOf(TemplateException.class)
        .hasMessage("line 1: unexpected %}, expected an expression");
  }

  @Test
  void continuesTheLastPartOfAMessage() throws IOException {
    write(
        "chat_template.jinja",
        "{% for m in messages %}{% for p in m.content %}<{{ p.text|trim }}>{% endfor %}{% endfor %}");
    JsonNode messages =
        JSON.readTree(
            "[{\"role\": \"assistant\", \"content\": [{\"text\": \"a \"}, {\"text\": \"b \"}]}]");

    assertThat(open().render(ChatRequest.of(messages).continued())).isEqualTo("<a><b");
    assertThat(messages.get(0).get("content").get(1).get("text").asString()).isEqualTo("b ");
  }

  @Test
  void refusesToContinueWhatIsNotThere() throws IOException {
    write("chat_template.jinja", "{{ messages[0].content }}");
    ChatTemplate template = open();

    assertThatThrownBy(
            () -> template.render(ChatRequest.of(List.of(Map.of("role", "a"))).continued()))
        .hasMessage("the final message has no text that could be continued");
    assertThatThrownBy(() -> template.render(ChatRequest.of(JSON.readTree("[]")).continued()))
        .hasMessage("the final message has no text that could be continued");
    write("chat_template.jinja", "content");
    ChatTemplate silent = open();
    assertThatThrownBy(() -> silent.render(ChatRequest.of(HELLO).continued()))
        .hasMessage("the chat template leaves out the final message, so it cannot be continued");
  }

  @Test
  void refusesRequestsThatMakeNoSense() {
    assertThatThrownBy(() -> ChatRequest.of(JSON.readTree("{}")))
        .hasMessage("messages have to be an array of objects, not OBJECT");
    assertThatThrownBy(() -> ChatRequest.of(HELLO).withTools(JSON.valueToTree(List.of(1))))
        .hasMessage("tools have to be an array of objects, not an array of others");
  }
}
