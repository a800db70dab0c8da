package io.slipway.trainer.run;

/** Why a run ends without a result, and without a failure either. */
public enum StopReason {
  /** Its owner has asked the job to stop. */
  CANCELLED,
  /** Another attempt has the job, or it has ended. */
  STALE,
  /** The deployment service has said so. */
  ORDERED,
  /** The deployment service has not been there for the grace; it will give the job to another. */
  CONTROL_LOST,
  /** The fine-tune service has not answered for the grace. */
  SERVICE_LOST,
  /** This process ends. */
  SHUTDOWN
}
