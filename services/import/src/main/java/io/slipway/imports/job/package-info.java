/**
 * The import job, from the command to the registered version. Start with {@link
 * io.slipway.imports.job.ImportHandler}.
 */
@NullMarked
package io.slipway.imports.job;

import org.jspecify.annotations.NullMarked;
