package io.slipway.datasets.columns;

import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import io.slipway.datasets.Row;
import io.slipway.datasets.RowMapping;
import java.util.List;
import java.util.Map;

/**
 * Columns for token classification, each a list or separated by blanks.
 *
 * @param labelNames dataset tag to model tag where they differ; others stay as they are
 */
public record WordColumns(String tokens, String tags, Map<String, String> labelNames)
    implements RowMapping<TaggedWords> {

  public WordColumns {
    labelNames = Map.copyOf(labelNames);
  }

  /**
   * @throws DatasetException INVALID_MAPPING
   */
  public static WordColumns fromProto(io.slipway.dataset.v1.ColumnMapping mapping) {
    return new WordColumns(
        ColumnRole.TOKENS.require(mapping),
        ColumnRole.TAGS.require(mapping),
        mapping.getLabelNamesMap());
  }

  @Override
  public List<String> required() {
    return List.of(tokens, tags);
  }

  @Override
  public TaggedWords apply(Row row) {
    List<String> words = CellValues.list(row, tokens, Reason.TEXT_MISSING);
    List<String> given = CellValues.list(row, tags, Reason.LABEL_MISSING);
    if (words.size() != given.size()) {
      throw row.refused(
          Reason.WRONG_VALUE,
          "'%s' has %d words and '%s' %d tags, expected as many of both"
              .formatted(tokens, words.size(), tags, given.size()));
    }
    return new TaggedWords(
        words, given.stream().map(tag -> labelNames.getOrDefault(tag, tag)).toList());
  }

  @Override
  public String identity(Row row) {
    return String.join(" ", CellValues.list(row, tokens, Reason.TEXT_MISSING));
  }

  @Override
  public String labelColumn() {
    return tags;
  }

  @Override
  public List<String> labels(TaggedWords example) {
    return example.tags();
  }
}
