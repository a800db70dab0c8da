package io.slipway.modelfiles.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.chat.jinja.Rendered;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearnedConversationTests {

  private static final List<Map<String, String>> CONVERSATION =
      List.of(
          Map.of("role", "system", "content", "Be kind."),
          Map.of("role", "user", "content", "Hello"),
          Map.of("role", "assistant", "content", "Hi there"),
          Map.of("role", "user", "content", "Bye"),
          Map.of("role", "assistant", "content", "See you"));

  private static final String CHATML =
      """
      {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}\
      {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""";

  @Test
  void learnsWhatFollowsEachPromptWithItsEndMark() {
    assertThat(learned(CHATML)).containsExactly("Hi there<|im_end|>\n", "See you<|im_end|>\n");
  }

  @Test
  void learnsWhatATemplateMarksWhereItDoes() {
    assertThat(
            learned(
                """
                {% for m in messages %}{{ m['role'] + ': ' }}\
                {% if m['role'] == 'assistant' %}{% generation %}{{ m['content'] }}{% endgeneration %}\
                {% else %}{{ m['content'] }}{% endif %}{{ ';' }}{% endfor %}"""))
        .containsExactly("Hi there", "See you");
  }

  @Test
  void learnsWhatTheAnswerKeepsOfAPromptThatOpensAThought() {
    assertThat(
            learned(
                CHATML.replace(
                    "{{ '<|im_start|>assistant\\n' }}",
                    "{{ '<|im_start|>assistant\\n<think>\\n' }}")))
        .containsExactly("Hi there<|im_end|>\n", "See you<|im_end|>\n");
  }

  @Test
  void refusesATemplateThatRendersBeginningsInAnotherWay() {
    assertThatThrownBy(() -> learned("{{ messages | length }} " + CHATML))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("up to message 3")
        .hasMessageContaining("no generation blocks");
  }

  private static List<String> learned(String source) {
    ChatTemplate template =
        new ChatTemplate(
            Map.of("default", source),
            Map.of(),
            Clock.fixed(Instant.parse("2024-07-05T08:03:09Z"), ZoneOffset.UTC));
    Rendered rendered = template.renderLearned(ChatRequest.of(CONVERSATION));
    return rendered.generated().stream()
        .map(part -> rendered.text().substring(part.begin(), part.end()))
        .toList();
  }
}
