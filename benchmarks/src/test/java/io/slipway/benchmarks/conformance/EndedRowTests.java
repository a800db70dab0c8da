package io.slipway.benchmarks.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndedRowTests {

  private static final EndedRow.Ends ENDS = new EndedRow.Ends(Set.of(2), Optional.of(0));

  @Test
  void whatFillsARowAfterItsEndIsNoPartOfIt() {
    assertThat(EndedRow.of(new long[] {2, 7, 2, 0, 0}, 1, ENDS).ids()).containsExactly(2, 7, 2);
    assertThat(EndedRow.of(new long[] {2, 7, 2, 2, 2}, 1, ENDS).ids()).containsExactly(2, 7, 2);
    assertThat(EndedRow.of(new long[] {2, 7, 7, 7, 2}, 1, ENDS).ended()).isTrue();
  }

  @Test
  void aRowThatGoesOnAfterAnEndTokenIsKept() {
    EndedRow row = EndedRow.of(new long[] {2, 7, 2, 9, 9}, 1, ENDS);
    EndedRow mixed = EndedRow.of(new long[] {2, 7, 2, 0, 2}, 1, ENDS);

    assertThat(row.ids()).containsExactly(2, 7, 2, 9, 9);
    assertThat(row.wentOn()).isTrue();
    assertThat(mixed.wentOn()).isTrue();
  }

  @Test
  void paddingThatWasGeneratedIsPartOfARow() {
    EndedRow row = EndedRow.of(new long[] {0, 0, 0, 0}, 1, ENDS);

    assertThat(row.ids()).containsExactly(0, 0, 0, 0);
    assertThat(row.ended()).isFalse();
  }
}
