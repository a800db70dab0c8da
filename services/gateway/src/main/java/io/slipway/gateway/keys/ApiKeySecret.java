package io.slipway.gateway.keys;

import java.math.BigInteger;
import java.security.SecureRandom;

/** What a client shows: {@code sk-slipway-} and 256 random bits in base 62, 43 digits. */
record ApiKeySecret(String text) {

  private static final String PREFIX = "sk-slipway-";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 43;
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

  static ApiKeySecret random(SecureRandom random) {
    BigInteger rest = new BigInteger(256, random);
    StringBuilder digits = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      BigInteger[] division = rest.divideAndRemainder(BASE);
      digits.append(DIGITS.charAt(division[1].intValue()));
      rest = division[0];
    }
    return new ApiKeySecret(PREFIX + digits);
  }

  KeyHash hash() {
    return KeyHash.of(text);
  }

  /** Never in a log. */
  @Override
  public String toString() {
    return PREFIX + "...";
  }
}
