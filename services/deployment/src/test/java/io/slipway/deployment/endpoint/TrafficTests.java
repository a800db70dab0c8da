package io.slipway.deployment.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.deployment.endpoint.Traffic.Share;
import io.slipway.kit.errors.SlipwayException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrafficTests {

  private static final Set<String> KNOWN = Set.of("a", "b");

  @Test
  void takesSharesThatAddUpToAHundred() {
    assertThat(Traffic.of(List.of(new Share("a", 90), new Share("b", 10)), KNOWN).percents())
        .containsEntry("a", 90)
        .containsEntry("b", 10);
  }

  @Test
  void refusesEverythingElse() {
    assertRefused("add up to 90", new Share("a", 90));
    assertRefused("add up to 0");
    assertRefused("not one of this endpoint's", new Share("c", 100));
    assertRefused("named twice", new Share("a", 50), new Share("a", 50));
    assertRefused("-10 percent", new Share("a", 110 - 120), new Share("b", 110));
  }

  private static void assertRefused(String message, Share... shares) {
    assertThatThrownBy(() -> Traffic.of(List.of(shares), KNOWN))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining(message);
  }
}
