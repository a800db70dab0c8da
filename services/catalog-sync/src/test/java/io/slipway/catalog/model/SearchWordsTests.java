package io.slipway.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SearchWordsTests {

  @Test
  void splitsIdsAtEverySeparator() {
    assertThat(SearchWords.of("acme/tiny-BERT_v2.1 (größe)"))
        .containsExactly("1", "acme", "bert", "größe", "tiny", "v2");
  }

  @Test
  void asksForAllWordsByTheirBeginnings() {
    assertThat(SearchWords.query("Tiny  bert")).isEqualTo("'bert':* & 'tiny':*");
    assertThat(SearchWords.query("'; drop table --")).isEqualTo("'drop':* & 'table':*");
    assertThat(SearchWords.query(" -- ")).isEmpty();
  }
}
