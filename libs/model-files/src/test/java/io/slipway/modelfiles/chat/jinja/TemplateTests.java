package io.slipway.modelfiles.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.chat.jinja.TemplateException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TemplateTests {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-07-05T08:03:09Z"), ZoneOffset.UTC);

  private static JsonNode golden() throws IOException {
    return JSON.readTree(Files.readAllBytes(Path.of("src/test/resources/chat/features.json")));
  }

  private static Map<String, JsonNode> variables() throws IOException {
    Map<String, JsonNode> variables = new HashMap<>();
    golden().get("variables").properties().forEach(e -> variables.put(e.getKey(), e.getValue()));
    return variables;
  }

  static Stream<JsonNode> features() throws IOException {
    return golden().get("cases").values().stream();
  }

  private static String render(String template) {
    return render(template, Limits.DEFAULT);
  }

  private static String render(String template, Limits limits) {
    return Template.parse(template).render(Map.of(), CLOCK, limits).text();
  }

  @ParameterizedTest
  @MethodSource("features")
  void doesWhatTheReferenceDoes(JsonNode feature) throws IOException {
    String source = feature.get("template").asString();
    String outcome;
    try {
      outcome = "text " + Template.parse(source).render(variables(), CLOCK, Limits.DEFAULT).text();
    } catch (TemplateException e) {
      outcome =
          e.reason().name().toLowerCase(Locale.ROOT)
              + (e.reason() == Reason.RAISED ? " " + e.getMessage() : "");
    }
    assertThat(outcome).isEqualTo(expected(feature));
  }

  private static String expected(JsonNode feature) {
    if (feature.has("text")) {
      return "text " + feature.get("text").asString();
    }
    String message = feature.get("message").asString();
    return switch (feature.get("error").asString()) {
      case "raised" -> "raised " + message;
      // Unknown names matter here only where they are used.
      case "malformed" -> message.matches("No (filter|test) named.*") ? "failed" : "malformed";
      default -> "failed";
    };
  }

  @Test
  void tellsTheLineOfAnError() {
    assertThatThrownBy(() -> render("a\n{% if x %}\n{{ 1 + }}\n{% endif %}"))
        .hasMessage("line 3: unexpected }}, expected an expression");
    assertThatThrownBy(() -> render("a\n\n{{ 'x' + 1 }}"))
        .hasMessage("line 3: can only concatenate str (not \"int\") to str");
    assertThatThrownBy(() -> render("{% include 'other' %}"))
        .hasMessage("line 1: the tag 'include' is not supported");
    assertThatThrownBy(() -> render("\n{{ 'x'|urlize }}"))
        .hasMessage("line 2: the filter 'urlize' is not supported");
    assertThatThrownBy(() -> render("{% for x in [] recursive %}{% endfor %}"))
        .hasMessage("line 1: recursive loops are not supported");
    assertThatThrownBy(() -> render("{% break %}")).hasMessage("line 1: 'break' outside of a loop");
    assertThatThrownBy(() -> render("{{ '%q' % 1 }}"))
        .hasMessageContaining("the conversion %q is not supported");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%d %b %Y | 05 Jul 2024",
        "%A, %B %-d, %H:%M:%S %p | Friday, July 5, 08:03:09 AM",
        "%a %e %m/%y %I %j %F %T %% | Fri  5 07/24 08 187 2024-07-05 08:03:09 %",
      })
  void showsTheTimeOfItsClock(String format, String expected) {
    assertThat(render("{{ strftime_now('" + format + "') }}")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}",
        "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "{% set ns = namespace(x=1) %}{% for i in range(1000) %}{% set ns.x = [ns.x] %}{% endfor %}",
        "{% set ns = namespace(x=3) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
        "{{ 9 ** 999999 }}",
        "{{ 'x' * 999999999999 }}",
        "{{ [0] * 999999999 }}",
        "{{ 'x'.center(999999999) }}",
        "{{ 'x'|indent(999999999, true) }}",
        "{{ ('x' * 9999999).replace('x', 'y' * 999999) }}",
        "{{ (['y' * 9999999] * 9999)|join('z') }}",
        "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set x = 'a' * 9999999 %}{% for i in range(99999) %}{% if 'b' in x %}{% endif %}{% endfor %}",
        "{% set x = 'a' * 9999999 %}{% for i in range(99999) %}{{ x }}{% endfor %}",
        "{% set t = 'a' * 99999 %}{{ t.split('a')|map('upper')|map('replace', '', t)|list }}",
        "{% set ns = namespace(g=[1]) %}{% for i in range(99999) %}{% set ns.g = ns.g|map('abs') %}{% endfor %}{{ ns.g|list }}",
      })
  void stopsATemplateThatWouldTakeTooMuch(String template) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOfSatisfying(
            TemplateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT));
  }

  @Test
  void refusesWhatIsTooDeepOrTooLongToParse() {
    for (String deep : new String[] {"(", "[", "{1:", "not (", "-(", "a(", "a[", "a if b else "}) {
      assertThatThrownBy(() -> Template.parse("{{ " + deep.repeat(100_000) + "1 }}"))
          .isInstanceOfSatisfying(
              TemplateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    }
    assertThatThrownBy(() -> Template.parse("{% if a %}".repeat(10_000)))
        .hasMessageContaining("nests deeper");
    assertThatThrownBy(() -> Template.parse("x".repeat(2 << 20)))
        .hasMessageContaining("more than 1048576 characters");
    for (String chain : new String[] {" + 1", "|abs", ".x", "(1)", " and 1", " ~ 1", "[0]"}) {
      Template template = Template.parse("{{ 1" + chain.repeat(10_000) + " }}");
      assertThatThrownBy(() -> template.render(Map.of(), CLOCK, new Limits(1 << 20, 1000, 400)))
          .isInstanceOf(TemplateException.class);
    }
    assertThat(render("{{ " + "-".repeat(200) + "1 }}")).isEqualTo("1");
  }

  @Test
  void parsesOrRefusesWhateverASourceHolds() throws IOException {
    String[] pieces = {
      "{%", "%}", "{{", "}}", "{#", "#}", "-", "'", "\"", "\\", "|", "(", "]", "for", "in", "if",
      "endfor", "else", "raw", "\n", "=", ".", "1", "\u0000", "\ud83d"
    };
    Random random = new Random(11);
    for (JsonNode feature : features().toList()) {
      for (int round = 0; round < 20; round++) {
        StringBuilder source = new StringBuilder(feature.get("template").asString());
        for (int i = random.nextInt(3); i >= 0; i--) {
          int at = random.nextInt(source.length() + 1);
          int end = Math.min(source.length(), at + random.nextInt(3));
          source.replace(at, end, pieces[random.nextInt(pieces.length)]);
        }
        try {
          Template.parse(source.toString())
              .render(variables(), CLOCK, new Limits(1 << 20, 100_000, 400));
        } catch (TemplateException e) {
          assertThat(e.getMessage()).isNotEmpty();
        }
      }
    }
  }
}
