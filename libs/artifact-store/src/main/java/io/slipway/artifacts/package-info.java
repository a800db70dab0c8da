/**
 * Content-addressed storage of model and dataset files.
 *
 * <p>Start with {@link io.slipway.artifacts.ArtifactStore}; {@link
 * io.slipway.artifacts.FileSystemArtifactStore} keeps blobs in a directory, {@link
 * io.slipway.artifacts.CheckoutCache} turns a list of stored files into a directory that loaders
 * can read.
 */
@NullMarked
package io.slipway.artifacts;

import org.jspecify.annotations.NullMarked;
