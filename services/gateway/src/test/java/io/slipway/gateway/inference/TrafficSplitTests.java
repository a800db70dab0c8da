package io.slipway.gateway.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrafficSplitTests {

  @Test
  void choosesInProportionToTheWeights() {
    Map<String, Integer> weights = Map.of("a", 70, "b", 30, "c", 0);
    List<String> all = List.of("c", "a", "b");
    Random random = new Random(7);
    Map<String, Long> chosen =
        IntStream.range(0, 10_000)
            .mapToObj(i -> TrafficSplit.choose(all, weights::get, random).orElseThrow())
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    assertThat(chosen).containsOnlyKeys("a", "b");
    assertThat(chosen.get("a")).isBetween(6800L, 7200L);
  }

  @Test
  void choosesNothingWhereNothingHasAWeight() {
    assertThat(TrafficSplit.choose(List.of("a"), _ -> 0, new Random(1))).isEmpty();
    assertThat(TrafficSplit.choose(List.of(), _ -> 1, new Random(1))).isEmpty();
  }
}
