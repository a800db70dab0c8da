package io.slipway.kit.names;

import java.security.SecureRandom;
import java.time.Clock;

/**
 * Makes ids that sort by the time they were made: ULIDs (github.com/ulid/spec), 26 lower-case
 * characters of Crockford's base 32, 48 bits of milliseconds and 80 random bits.
 */
public final class Ids {

  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public Ids(Clock clock) {
    this.clock = clock;
  }

  public String next() {
    char[] id = new char[26];
    long time = clock.millis();
    for (int i = 9; i >= 0; i--) {
      id[i] = ALPHABET[(int) (time & 31)];
      time >>>= 5;
    }
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    for (int i = 0; i < 16; i++) {
      id[10 + i] = ALPHABET[bits[i] & 31];
    }
    return new String(id);
  }
}
