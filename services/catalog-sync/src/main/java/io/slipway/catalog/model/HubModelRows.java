package io.slipway.catalog.model;

import io.slipway.modelfiles.Verdict;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Reads rows of the table {@code hub_model}. */
final class HubModelRows {

  private HubModelRows() {}

  static CatalogEntry map(ResultSet row, int n) throws SQLException {
    OffsetDateTime lastModified = row.getObject("last_modified_time", OffsetDateTime.class);
    return new CatalogEntry(
        row.getString("id"),
        row.getString("sha"),
        row.getString("pipeline_tag"),
        row.getString("library_name"),
        row.getString("license"),
        texts(row.getArray("tags")),
        row.getLong("downloads"),
        row.getLong("likes"),
        row.getBoolean("gated"),
        lastModified == null ? null : lastModified.toInstant(),
        row.getString("description"),
        new Verdict(
            row.getBoolean("importable"),
            row.getBoolean("fine_tunable"),
            row.getBoolean("servable"),
            Optional.empty(),
            texts(row.getArray("reasons"))));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}
