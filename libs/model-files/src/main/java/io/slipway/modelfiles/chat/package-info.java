/**
 * Conversations to prompts, by the chat template of a checkpoint.
 *
 * <p>Start at {@link io.slipway.modelfiles.chat.ChatTemplate}.
 */
@NullMarked
package io.slipway.modelfiles.chat;

import org.jspecify.annotations.NullMarked;
