package io.slipway.hub.server;

import io.slipway.hub.ModelInfo;
import io.slipway.hub.ModelPage;
import io.slipway.hub.ModelQuery;
import io.slipway.hub.RepositoryFile;
import io.slipway.hub.RepositoryId;
import io.slipway.hub.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What a hub serves, as one caller may see it. Used by many threads. */
public interface HubRepositories {

  /**
   * A page of models.
   *
   * @param cursor the {@link ModelPage#next()} of the page before
   * @throws IllegalArgumentException when the cursor is none of this listing's
   */
  ModelPage list(ModelQuery query, Optional<String> cursor);

  /**
   * A repository at a revision: with commit, files, sizes and hashes.
   *
   * @throws io.slipway.hub.HubException RepositoryNotFound, RevisionNotFound, RepositoryDisabled
   */
  ModelInfo find(RepositoryId id, Revision revision);

  /**
   * The content of a file of {@code model}, from byte {@code offset} on. The caller closes it.
   *
   * @throws io.slipway.hub.HubException GatedRepository when this caller may not read files
   */
  InputStream open(ModelInfo model, RepositoryFile file, long offset) throws IOException;
}
