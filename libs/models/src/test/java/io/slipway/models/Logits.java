package io.slipway.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;

/** Compares outputs. */
public final class Logits {

  private Logits() {}

  public static void assertClose(float[][] actual, float[][] expected, float tolerance) {
    assertThat(actual).hasNumberOfRows(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("row %d", i).containsExactly(expected[i], Offset.offset(tolerance));
    }
  }
}
