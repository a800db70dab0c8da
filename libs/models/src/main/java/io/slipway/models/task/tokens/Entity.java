package io.slipway.models.task.tokens;

import java.util.OptionalInt;

/**
 * A labelled part of a text.
 *
 * @param label the label of a token; of a group, the label without {@code B-} and {@code I-}
 * @param score probability of the label
 * @param word the tokens' own text, which is not always that of the input
 * @param index place of a token among its sequence's, counted from 0; empty for a group
 * @param start first character in the text, counted in code points, as the reference does; -1 where
 *     the tokenizer keeps no offsets
 * @param end after the last character
 */
public record Entity(
    String label, double score, String word, OptionalInt index, int start, int end) {}
