package io.slipway.registry.dataset;

import io.slipway.artifacts.StoredBlob;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.UploadDatasetRequest.Header;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.DatasetSummary;
import io.slipway.events.v1.DatasetRegistered;
import io.slipway.kit.commands.Commands;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.events.EventPublisher;
import io.slipway.kit.jobs.JobStatuses;
import io.slipway.kit.names.Ids;
import io.slipway.kit.names.ResourceNames;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code dataset}. */
@Repository
class Datasets {

  private static final String COLLECTION = "datasets";
  private static final String SELECT =
      """
      select id, display_name, format, columns, row_count, size_bytes, sha256, create_time
      from dataset where tenant = ?""";

  private final JdbcClient db;
  private final Commands commands;
  private final EventPublisher events;
  private final Ids ids;

  Datasets(JdbcClient db, Commands commands, EventPublisher events, Ids ids) {
    this.db = db;
    this.commands = commands;
    this.events = events;
    this.ids = ids;
  }

  /**
   * Adds a dataset and publishes the fact; or finds the one that the same request has made of the
   * same bytes.
   *
   * @param blob already in the store
   * @throws SlipwayException REQUEST_ID_REUSED
   */
  Dataset register(String tenant, Header header, DatasetSummary summary, StoredBlob blob) {
    Dataset described =
        Dataset.newBuilder()
            .setDisplayName(header.getDisplayName())
            .setFormat(header.getFormat())
            .setSha256(blob.digest().hex())
            .build();
    String name =
        commands.once(
            tenant,
            header.getRequestId(),
            described,
            () -> insert(tenant, described, summary, blob));
    return get(tenant, name);
  }

  private String insert(String tenant, Dataset described, DatasetSummary summary, StoredBlob blob) {
    String id = ids.next();
    String name = COLLECTION + "/" + id;
    db.sql(
            """
            insert into dataset (id, tenant, display_name, format, columns, row_count, size_bytes, sha256)
            values (?, ?, ?, ?, ?, ?, ?, ?)""")
        .params(
            id,
            tenant,
            described.getDisplayName(),
            DatasetFormat.fromProto(described.getFormat()).name(),
            summary.columns().toArray(String[]::new),
            summary.rowCount(),
            blob.sizeBytes(),
            described.getSha256())
        .update();
    DatasetRegistered fact =
        DatasetRegistered.newBuilder()
            .setDisplayName(described.getDisplayName())
            .setRowCount(summary.rowCount())
            .setSha256(described.getSha256())
            .build();
    events.publish(tenant, name, name, event -> event.setDatasetRegistered(fact));
    return name;
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  Dataset get(String tenant, String name) {
    return db.sql(SELECT + " and id = ?")
        .params(tenant, ResourceNames.id(COLLECTION, name))
        .query(Datasets::map)
        .optional()
        .orElseThrow(() -> SlipwayException.notFound(name));
  }

  /** Newest first. */
  Page<Dataset> list(String tenant, PageRequest page) {
    return page.page(
        db.sql(SELECT + " and (? = '' or id < ?) order by id desc limit ?")
            .params(tenant, page.after(), page.after(), page.limit())
            .query(Datasets::map)
            .list(),
        dataset -> ResourceNames.id(COLLECTION, dataset.getName()));
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  void delete(String tenant, String name) {
    int deleted =
        db.sql("delete from dataset where tenant = ? and id = ?")
            .params(tenant, ResourceNames.id(COLLECTION, name))
            .update();
    if (deleted == 0) {
      throw SlipwayException.notFound(name);
    }
  }

  private static Dataset map(ResultSet row, int rowNumber) throws SQLException {
    return Dataset.newBuilder()
        .setName(COLLECTION + "/" + row.getString("id"))
        .setDisplayName(row.getString("display_name"))
        .setFormat(DatasetFormat.valueOf(row.getString("format")).toProto())
        .addAllColumns(List.of((String[]) row.getArray("columns").getArray()))
        .setRowCount(row.getLong("row_count"))
        .setSizeBytes(row.getLong("size_bytes"))
        .setSha256(row.getString("sha256"))
        .setCreateTime(JobStatuses.timestamp(row.getTimestamp("create_time").toInstant()))
        .build();
  }
}
