/**
 * Commands that take effect once, however often they are sent. Start with {@link
 * io.slipway.kit.commands.Commands}.
 */
@NullMarked
package io.slipway.kit.commands;

import org.jspecify.annotations.NullMarked;
