/**
 * What a process that another one has launched owes it. Start with {@link
 * io.slipway.kit.process.ParentWatch}.
 */
@NullMarked
package io.slipway.kit.process;

import org.jspecify.annotations.NullMarked;
