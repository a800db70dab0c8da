/**
 * Child processes that end with their parent and can be killed or suspended: the parent starts a
 * {@link io.slipway.embedded.process.ChildJvm}, the child's main method calls {@link
 * io.slipway.embedded.process.ParentWatch}.
 */
@NullMarked
package io.slipway.embedded.process;

import org.jspecify.annotations.NullMarked;
