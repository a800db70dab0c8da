package io.slipway.imports.hub;

import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.hub.HubException;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.ModelFilesRefusals;
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
    return SlipwayException.because(code, cause);
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
    return SlipwayException.because(code, cause);
  }

  public static SlipwayException of(ModelFilesException cause) {
    return SlipwayException.because(ModelFilesRefusals.codeOf(cause), cause);
  }
}
