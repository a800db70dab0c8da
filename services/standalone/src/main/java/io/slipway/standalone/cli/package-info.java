/**
 * The commands that start, stop and look at the platform. Start with {@link
 * io.slipway.standalone.cli.UpCommand}.
 */
@NullMarked
package io.slipway.standalone.cli;

import org.jspecify.annotations.NullMarked;
