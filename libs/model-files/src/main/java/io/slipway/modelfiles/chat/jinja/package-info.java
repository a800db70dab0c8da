/**
 * A sandboxed interpreter of the Jinja templates that checkpoints bring for their chats: the
 * language as the reference sets it up, with Python's meaning of values, and with limits that hold
 * a hostile template.
 *
 * <p>Start at {@link io.slipway.modelfiles.chat.jinja.Template}. A source passes the {@link
 * io.slipway.modelfiles.chat.jinja.Lexer} and the {@link
 * io.slipway.modelfiles.chat.jinja.StatementParser}; the {@link
 * io.slipway.modelfiles.chat.jinja.Renderer} walks the statements and the {@link
 * io.slipway.modelfiles.chat.jinja.Evaluator} the expressions in them.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/">The language</a>
 */
@NullMarked
package io.slipway.modelfiles.chat.jinja;

import org.jspecify.annotations.NullMarked;
