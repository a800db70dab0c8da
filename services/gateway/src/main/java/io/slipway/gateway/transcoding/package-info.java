/** REST out of the google.api.http rules of the services. Start with {@code TranscodingHandler}. */
@NullMarked
package io.slipway.gateway.transcoding;

import org.jspecify.annotations.NullMarked;
