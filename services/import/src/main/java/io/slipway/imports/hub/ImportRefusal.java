package io.slipway.imports.hub;

import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.hub.HubException;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ModelFilesException;

/** Failures of the hub, the store and a checkpoint's files, as the import's caller reads them. */
public final class ImportRefusal {

  private ImportRefusal() {}

  static SlipwayException of(HubException cause) {
    ErrorCode code =
        switch (cause) {
          case HubException.RepositoryNotFound _ -> ErrorCode.REPOSITORY_NOT_FOUND;
          case HubException.RepositoryDisabled _ -> ErrorCode.REPOSITORY_NOT_FOUND;
          case HubException.GatedRepository _ -> ErrorCode.REPOSITORY_GATED;
          case HubException.InvalidCredentials _ -> ErrorCode.PERMISSION_DENIED;
          case HubException.RevisionNotFound _ -> ErrorCode.REVISION_NOT_FOUND;
          case HubException.EntryNotFound _ -> ErrorCode.MALFORMED_MODEL;
          case HubException.FileTooLarge _ -> ErrorCode.TOO_LARGE;
          case HubException.CorruptDownload _ -> ErrorCode.CHECKSUM_MISMATCH;
          case HubException.RateLimited _ -> ErrorCode.HUB_UNREACHABLE;
          case HubException.HubUnreachable _ -> ErrorCode.HUB_UNREACHABLE;
          case HubException.ProtocolViolation _ -> ErrorCode.MALFORMED_MODEL;
        };
    return new SlipwayException(code, sentence(cause), cause);
  }

  public static SlipwayException of(ArtifactStoreException cause) {
    ErrorCode code =
        switch (cause.kind()) {
          case NO_SPACE -> ErrorCode.NO_SPACE;
          case TOO_LARGE -> ErrorCode.TOO_LARGE;
          case DIGEST_MISMATCH, TRUNCATED -> ErrorCode.CHECKSUM_MISMATCH;
          case UNSAFE_PATH, MISSING_BLOB -> ErrorCode.MALFORMED_MODEL;
          case SOURCE_FAILED -> ErrorCode.HUB_UNREACHABLE;
          case STORE_FAILED -> ErrorCode.INTERNAL;
        };
    return new SlipwayException(code, sentence(cause), cause);
  }

  public static SlipwayException of(ModelFilesException cause) {
    ErrorCode code =
        switch (cause.reason()) {
          case UNSUPPORTED_ARCHITECTURE, UNSUPPORTED_CONFIG -> ErrorCode.UNSUPPORTED_ARCHITECTURE;
          case PICKLED_WEIGHTS_ONLY -> ErrorCode.PICKLED_WEIGHTS_ONLY;
          case MALFORMED_SAFETENSORS,
              MALFORMED_INDEX,
              MISSING_FILE,
              MALFORMED_CONFIG,
              MALFORMED_TOKENIZER,
              WEIGHTS_MISMATCH ->
              ErrorCode.MALFORMED_MODEL;
        };
    return new SlipwayException(code, sentence(cause), cause);
  }

  private static String sentence(RuntimeException cause) {
    String message = String.valueOf(cause.getMessage());
    return Character.toUpperCase(message.charAt(0))
        + message.substring(1)
        + (message.endsWith(".") ? "" : ".");
  }
}
