/**
 * Child processes that end with their parent and can be killed or suspended: the parent starts a
 * {@link io.slipway.process.ChildJvm}, the child's main method calls {@link
 * io.slipway.process.ParentWatch}.
 */
@NullMarked
package io.slipway.process;

import org.jspecify.annotations.NullMarked;
