package io.slipway.models.training.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WritingTallyTests {

  @Test
  void rougeCountsWordsPairsAndCommonSubsequences() {
    Rouge rouge = new Rouge();
    rouge.add("A quick brown fox jumps.", "the quick fox jumps high");
    Map<String, Double> metrics = rouge.metrics();
    assertThat(metrics.get("rouge1")).isCloseTo(0.6, within(1e-9));
    assertThat(metrics.get("rouge2")).isCloseTo(0.25, within(1e-9));
    assertThat(metrics.get("rougeL")).isCloseTo(0.6, within(1e-9));
  }

  /** The value is sacreBLEU's. */
  @Test
  void chrfIsOfAllTextsTogether() {
    ChrF chrf = new ChrF();
    chrf.add("the quick fox", "a quick brown fox");
    chrf.add("many words", "many more words");
    assertThat(chrf.metrics().get("chrf")).isCloseTo(0.3334720190120319, within(1e-9));
  }

  @Test
  void textsWithoutAWordScoreNothing() {
    Rouge rouge = new Rouge();
    rouge.add("", "the fox");
    ChrF chrf = new ChrF();
    chrf.add("", "the fox");
    assertThat(rouge.metrics().values()).containsOnly(0.0);
    assertThat(chrf.metrics().values()).containsOnly(0.0);
  }
}
