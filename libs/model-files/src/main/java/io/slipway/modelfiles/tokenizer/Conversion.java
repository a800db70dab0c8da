package io.slipway.modelfiles.tokenizer;

import java.util.List;

/**
 * What other files than a tokenizer.json were turned into, before its special tokens are added.
 *
 * @param extraTokens tokens to add, unless the settings list some
 */
record Conversion(TokenizerJson json, List<AddedToken> extraTokens) {}
