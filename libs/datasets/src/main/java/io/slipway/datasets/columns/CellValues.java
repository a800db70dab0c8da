package io.slipway.datasets.columns;

import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import io.slipway.datasets.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Values that are more than text. In JSONL they are JSON; in CSV and TSV the text of it. */
final class CellValues {

  private static final int SHOWN = 60;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private CellValues() {}

  /**
   * The elements of a JSON array, or the text's parts between blanks.
   *
   * @throws DatasetException when the row has none
   */
  static List<String> list(Row row, String column, Reason missing) {
    String value = row.requireText(column, missing);
    List<String> elements =
        (value.startsWith("[") ? parse(value) : Optional.<JsonNode>empty())
            .filter(JsonNode::isArray)
            .filter(array -> array.valueStream().allMatch(JsonNode::isValueNode))
            .map(array -> array.valueStream().map(JsonNode::asString).toList())
            .orElseGet(() -> Arrays.asList(value.strip().split("\\s+")));
    if (elements.isEmpty()) {
      throw row.refused(missing, "the row has nothing in '" + column + "'");
    }
    return elements;
  }

  /**
   * JSON.
   *
   * @param expected what is said to be expected when it is none
   */
  static JsonNode json(Row row, String column, String expected) {
    String value = row.requireText(column, Reason.TEXT_MISSING);
    return parse(value).orElseThrow(() -> wrong(row, column, value, expected));
  }

  private static Optional<JsonNode> parse(String value) {
    try {
      return Optional.of(JSON.readTree(value));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Why a value cannot be used. */
  static DatasetException wrong(Row row, String column, String value, String expected) {
    String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "..." : value;
    return row.refused(
        Reason.WRONG_VALUE, "'%s' is \"%s\", expected %s".formatted(column, shown, expected));
  }
}
