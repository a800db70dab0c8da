package io.slipway.models.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.slipway.models.GoldenCase;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * A golden checkpoint with calls: what clients send, and what the reference answers
 * (src/test/python/make_task_goldens.py).
 */
public record TaskCalls(GoldenCase golden) {

  /** One call. */
  public record Call(JsonNode inputs, JsonNode parameters, JsonNode result) {

    public OptionalInt integer(String name) {
      JsonNode value = parameters.path(name);
      return value.isNumber() ? OptionalInt.of(value.asInt()) : OptionalInt.empty();
    }

    public Optional<String> string(String name) {
      return Optional.of(parameters.path(name).asString("")).filter(s -> !s.isEmpty());
    }

    public boolean flag(String name, boolean absent) {
      return parameters.path(name).asBoolean(absent);
    }

    /** Strings of an array, or a single one. */
    public Optional<List<String>> strings(String name) {
      JsonNode value = parameters.path(name);
      return value.isMissingNode() ? Optional.empty() : Optional.of(texts(value));
    }

    @Override
    public String toString() {
      return inputs + " " + parameters;
    }
  }

  public static TaskCalls named(String name) {
    return new TaskCalls(GoldenCase.named("tasks/" + name));
  }

  public Path directory() {
    return golden.directory();
  }

  public List<Call> calls() {
    return golden
        .golden()
        .get("calls")
        .valueStream()
        .map(call -> new Call(call.get("inputs"), call.get("parameters"), call.get("result")))
        .toList();
  }

  public static List<String> texts(JsonNode value) {
    return value.isString()
        ? List.of(value.asString())
        : value.valueStream().map(JsonNode::asString).toList();
  }

  /** A score to the digits that single precision gives. */
  public static void assertScore(Call call, double actual, JsonNode expected) {
    double score = expected.asDouble();
    assertThat(actual).as("%s", call).isCloseTo(score, within(1e-5 + 1e-5 * Math.abs(score)));
  }
}
