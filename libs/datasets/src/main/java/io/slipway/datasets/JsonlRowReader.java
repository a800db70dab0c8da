package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line; blank lines are skipped. */
final class JsonlRowReader implements RowReader {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private final Utf8Lines lines;
  private final DatasetLimits limits;
  private final Set<String> columns = new LinkedHashSet<>();

  JsonlRowReader(Utf8Lines lines, DatasetLimits limits) {
    this.lines = lines;
    this.limits = limits;
  }

  @Override
  public @Nullable Row next() {
    try {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          return parse(line);
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Row parse(String line) {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("the row is no JSON object");
      }
      Map<String, String> values = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String column = parser.currentName();
        note(column);
        String value = value(parser);
        if (value != null) {
          values.put(column, value);
        }
      }
      if (parser.nextToken() != null) {
        throw malformed("there is more after the JSON object");
      }
      return new Row(lines.line(), values);
    } catch (JacksonException e) {
      throw malformed("the row is not valid JSON: " + e.getOriginalMessage());
    }
  }

  private static @Nullable String value(JsonParser parser) {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    return token.isScalarValue() ? parser.getString() : parser.readValueAsTree().toString();
  }

  private void note(String column) {
    if (columns.add(column) && columns.size() > limits.maxColumns()) {
      throw DatasetException.at(
          lines.line(),
          Reason.TOO_MANY_COLUMNS,
          "column '%s' is one more than the limit of %d".formatted(column, limits.maxColumns()));
    }
  }

  private DatasetException malformed(String why) {
    return DatasetException.at(lines.line(), Reason.MALFORMED_ROW, why);
  }

  @Override
  public List<String> columns() {
    return List.copyOf(columns);
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
