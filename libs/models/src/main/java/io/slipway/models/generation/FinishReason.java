package io.slipway.models.generation;

/** Why a sequence ended. */
public enum FinishReason {
  STOP_TOKEN,
  STOP_STRING,
  LENGTH,
  CANCELLED
}
