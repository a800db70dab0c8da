package io.slipway.imports.job;

import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.StoredFile;
import io.slipway.imports.hub.ImportRefusal;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.CheckpointInspection;
import io.slipway.modelfiles.InspectedCheckpoint;
import io.slipway.modelfiles.ModelFilesException;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** Finds out all that can be known of a checkpoint without running it. */
@Component
class Verification {

  private final CheckoutCache checkouts;

  Verification(CheckoutCache checkouts) {
    this.checkouts = checkouts;
  }

  /**
   * @throws SlipwayException MALFORMED_MODEL, UNSUPPORTED_ARCHITECTURE or PICKLED_WEIGHTS_ONLY
   */
  InspectedCheckpoint verify(List<StoredFile> files) {
    try {
      return CheckpointInspection.inspect(checkouts.checkout(files));
    } catch (ModelFilesException e) {
      throw ImportRefusal.of(e);
    } catch (ArtifactStoreException e) {
      throw ImportRefusal.of(e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.INTERNAL, "The stored checkpoint cannot be read: " + e.getMessage(), e);
    }
  }
}
