package io.slipway.datasets.columns;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The part that a column plays, named as in the API.
 *
 * @see ColumnMapping
 */
public enum ColumnRole {
  TEXT("text", "sentence", "document", "article", "dialogue", "source"),
  LABEL("label", "labels"),
  TOKENS("tokens", "words"),
  TAGS("tags", "ner_tags", "pos_tags"),
  QUESTION("question"),
  CONTEXT("context"),
  ANSWERS("answers"),
  TARGET("target", "summary", "highlights", "translation"),
  PROMPT("prompt"),
  COMPLETION("completion"),
  MESSAGES("messages"),
  IMAGE("image", "img");

  private final List<String> usualNames;
  private final FieldDescriptor field;

  ColumnRole(String... usualNames) {
    this.usualNames = List.of(usualNames);
    this.field =
        Objects.requireNonNull(ColumnMapping.getDescriptor().findFieldByName(apiName()), apiName());
  }

  /** The field of the API. */
  public String apiName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The column that plays this part; empty when none is named. */
  public String in(ColumnMapping mapping) {
    return (String) mapping.getField(field);
  }

  /** Names that datasets give such a column. */
  List<String> usualNames() {
    return usualNames;
  }

  void set(ColumnMapping.Builder mapping, String column) {
    mapping.setField(field, column);
  }

  /**
   * The column that plays this part.
   *
   * @throws DatasetException INVALID_MAPPING when none is named
   */
  String require(ColumnMapping mapping) {
    String column = in(mapping);
    if (column.isEmpty()) {
      throw new DatasetException(
          Reason.INVALID_MAPPING,
          "columns.%s is empty; expected the name of a column".formatted(apiName()));
    }
    return column;
  }
}
