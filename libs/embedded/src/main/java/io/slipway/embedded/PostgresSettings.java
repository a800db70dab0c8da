package io.slipway.embedded;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The server's settings, given on its command line so that a restart by a newer release changes
 * them.
 */
final class PostgresSettings {
  private PostgresSettings() {}

  static Map<String, String> of(int port, Durability durability) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("port", Integer.toString(port));
    settings.put("listen_addresses", LoopbackPort.HOST);
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", "200");
    settings.put("shared_buffers", "48MB");
    settings.put("max_wal_size", "512MB");
    settings.put("jit", "off");
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
    settings.put("log_min_messages", "warning");
    settings.put("log_checkpoints", "off");
    // One machine, few rows: worker processes cost more memory than they save time.
    settings.put("io_method", "sync");
    settings.put("max_parallel_workers_per_gather", "0");
    settings.put("max_logical_replication_workers", "0");
    if (durability == Durability.PROCESS_DEATH) {
      settings.put("fsync", "off");
      settings.put("full_page_writes", "off");
    }
    return settings;
  }
}
