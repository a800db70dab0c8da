package io.slipway.models.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.generation.settings.Stopping;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StopStringsTests {

  private static StopStrings stops(boolean keeps, String... strings) {
    return new StopStrings(new Stopping(Set.of(), List.of(strings), keeps));
  }

  @Test
  void holdsBackWhatMayBecomeAStopString() {
    StopStrings stops = stops(false, "\n\nUser:");
    assertThat(stops.add("hello\n")).isEqualTo("hello");
    assertThat(stops.add("\nUs")).isEmpty();
    assertThat(stops.add("ing")).isEqualTo("\n\nUsing");
    assertThat(stops.finish()).isEmpty();
    assertThat(stops.found()).isFalse();
  }

  @Test
  void cutsAtTheFirstStopString() {
    StopStrings stops = stops(false, "END", "STOP");
    assertThat(stops.add("a STOP b END")).isEqualTo("a ");
    assertThat(stops.found()).isTrue();
    assertThat(stops.add("more")).isEmpty();
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void keepsTheStopStringWhereThatIsAsked() {
    StopStrings stops = stops(true, "END");
    assertThat(stops.add("a E")).isEqualTo("a ");
    assertThat(stops.add("ND b")).isEqualTo("END");
    assertThat(stops.found()).isTrue();
  }

  @Test
  void givesOutWhatWasHeldWhenTheTextEnds() {
    StopStrings stops = stops(false, "abc");
    assertThat(stops.add("xab")).isEqualTo("x");
    assertThat(stops.finish()).isEqualTo("ab");
  }
}
