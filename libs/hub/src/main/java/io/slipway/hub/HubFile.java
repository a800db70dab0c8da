package io.slipway.hub;

/** A file of a repository at a revision; with a commit, it can only have one content. */
public record HubFile(RepositoryId id, Revision revision, RepositoryFile file) {}
