package io.slipway.kit.jobs;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads rows of the table {@code job}. */
final class JobRows {

  private JobRows() {}

  static Job map(ResultSet row, int n) throws SQLException {
    return new Job(
        row.getString("id"),
        row.getString("tenant"),
        row.getString("collection"),
        ByteString.copyFrom(row.getBytes("spec")),
        ByteString.copyFrom(row.getBytes("detail")),
        state(row),
        row.getInt("attempt"),
        row.getString("traceparent"),
        instant(row, "create_time"),
        instant(row, "update_time"),
        row.getLong("version"));
  }

  private static JobState state(ResultSet row) throws SQLException {
    String state = row.getString("state");
    return switch (state) {
      case "QUEUED" -> new JobState.Queued();
      case "RUNNING" ->
          new JobState.Running(instant(row, "start_time"), row.getBoolean("cancel_requested"));
      case "SUCCEEDED" -> new JobState.Succeeded(instant(row, "end_time"));
      case "FAILED" -> new JobState.Failed(instant(row, "end_time"), error(row));
      case "CANCELLED" -> new JobState.Cancelled(instant(row, "end_time"));
      default -> throw new IllegalStateException("Unknown job state " + state + ".");
    };
  }

  private static Status error(ResultSet row) throws SQLException {
    try {
      return Status.parseFrom(row.getBytes("error"));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("A job holds an error that cannot be read.", e);
    }
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
