package io.slipway.kit.events;

import java.util.List;

/** Names of all topics, once. */
public final class Topics {

  public static final String IMPORT_EVENTS = "slipway.import.events";
  public static final String EVALUATION_EVENTS = "slipway.evaluation.events";
  public static final String FINE_TUNE_EVENTS = "slipway.fine-tune.events";
  public static final String DEPLOYMENT_EVENTS = "slipway.deployment.events";

  /** Events that a consumer could not take in, with the reason in their headers. */
  public static final String DEAD_LETTERS = "slipway.dead-letters";

  /** Compacted: endpoint name to {@code slipway.deployment.v1.Route}. */
  public static final String ROUTES = "slipway.routes";

  /** Compacted: hash of a key to {@code slipway.identity.v1.ApiKeyEntry}. */
  public static final String API_KEYS = "slipway.api-keys";

  /** Kept for ever. */
  static final List<String> LEDGER =
      List.of(IMPORT_EVENTS, EVALUATION_EVENTS, FINE_TUNE_EVENTS, DEPLOYMENT_EVENTS, DEAD_LETTERS);

  static final List<String> TABLES = List.of(ROUTES, API_KEYS);

  /** Enough for as many instances of a consumer; order holds within a key. */
  static final int PARTITIONS = 3;

  private Topics() {}
}
