/** Resource names such as {@code imports/01jd...} and the ids in them. */
@NullMarked
package io.slipway.kit.names;

import org.jspecify.annotations.NullMarked;
