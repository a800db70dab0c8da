package io.slipway.catalog.model;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code hub_model}. */
@Component
public class HubModels {

  private static final String UPSERT =
      """
      insert into hub_model as known (id, sha, pipeline_tag, library_name, license, tags, downloads, likes,
        gated, last_modified_time, description, importable, fine_tunable, servable, reasons, words)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, array_to_tsvector(?))
      on conflict (id) do update set
        sha = excluded.sha, pipeline_tag = excluded.pipeline_tag, library_name = excluded.library_name,
        license = excluded.license, tags = excluded.tags, downloads = excluded.downloads,
        likes = excluded.likes, gated = excluded.gated, last_modified_time = excluded.last_modified_time,
        description = excluded.description, importable = excluded.importable,
        fine_tunable = excluded.fine_tunable, servable = excluded.servable, reasons = excluded.reasons,
        words = excluded.words, sync_time = now()
      where (known.sha, known.pipeline_tag, known.library_name, known.license, known.tags, known.downloads,
          known.likes, known.gated, known.last_modified_time, known.description, known.importable,
          known.fine_tunable, known.servable, known.reasons, known.words)
        is distinct from (excluded.sha, excluded.pipeline_tag, excluded.library_name, excluded.license,
          excluded.tags, excluded.downloads, excluded.likes, excluded.gated, excluded.last_modified_time,
          excluded.description, excluded.importable, excluded.fine_tunable, excluded.servable,
          excluded.reasons, excluded.words)""";

  private static final String COLUMNS =
      """
      select id, sha, pipeline_tag, library_name, license, tags, downloads, likes, gated,
        last_modified_time, description, importable, fine_tunable, servable, reasons
      from hub_model
      """;

  private final JdbcTemplate jdbc;
  private final JdbcClient db;

  HubModels(JdbcTemplate jdbc, JdbcClient db) {
    this.jdbc = jdbc;
    this.db = db;
  }

  /**
   * Adds models, or replaces what is known of them.
   *
   * @return how many were new or had changed
   */
  public int put(Collection<CatalogEntry> models) {
    int[][] updated = jdbc.batchUpdate(UPSERT, models, Math.max(1, models.size()), this::bind);
    return Arrays.stream(updated).flatMapToInt(Arrays::stream).sum();
  }

  private void bind(PreparedStatement row, CatalogEntry model) throws SQLException {
    Connection connection = row.getConnection();
    row.setString(1, storable(model.id()));
    row.setString(2, storable(model.sha()));
    row.setString(3, storable(model.pipelineTag()));
    row.setString(4, storable(model.libraryName()));
    row.setString(5, storable(model.license()));
    row.setArray(6, texts(connection, model.tags()));
    row.setLong(7, model.downloads());
    row.setLong(8, model.likes());
    row.setBoolean(9, model.gated());
    row.setObject(
        10,
        model.lastModified() == null
            ? null
            : OffsetDateTime.ofInstant(model.lastModified(), ZoneOffset.UTC));
    row.setString(11, storable(model.description()));
    row.setBoolean(12, model.verdict().importable());
    row.setBoolean(13, model.verdict().fineTunable());
    row.setBoolean(14, model.verdict().servable());
    row.setArray(15, texts(connection, model.verdict().reasons()));
    row.setArray(16, texts(connection, SearchWords.of(model)));
  }

  private static Array texts(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.stream().map(HubModels::storable).toArray());
  }

  /** A hub shows what anybody has written; PostgreSQL's text cannot hold a zero character. */
  private static String storable(String text) {
    return text.replace("\0", "");
  }

  Optional<CatalogEntry> find(String id) {
    return db.sql(COLUMNS + "where id = ?").param(id).query(HubModelRows::map).optional();
  }

  /**
   * The most downloaded first; equals by id.
   *
   * @param after the last one of the page before; empty for the first page
   */
  List<CatalogEntry> search(Search search, Optional<Position> after, int limit) {
    Position last = after.orElse(new Position(Long.MAX_VALUE, ""));
    return db.sql(
            COLUMNS
                + """
                where (:words = '' or words @@ cast(:words as tsquery))
                  and (:pipelineTag = '' or pipeline_tag = :pipelineTag)
                  and (importable or not :importableOnly)
                  and (downloads < :downloads or (downloads = :downloads and id > :id))
                order by downloads desc, id limit :limit""")
        .param("words", SearchWords.query(search.query()))
        .param("pipelineTag", search.pipelineTag())
        .param("importableOnly", search.importableOnly())
        .param("downloads", last.downloads())
        .param("id", last.id())
        .param("limit", limit)
        .query(HubModelRows::map)
        .list();
  }

  /** What to look for. */
  record Search(String query, String pipelineTag, boolean importableOnly) {}

  /** Where a model is in the order of the listing. */
  record Position(long downloads, String id) {}
}
