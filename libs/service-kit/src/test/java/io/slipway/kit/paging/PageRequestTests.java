package io.slipway.kit.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.kit.errors.SlipwayException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageRequestTests {

  @Test
  void givesATokenOnlyWhenThereIsMore() {
    PageRequest request = PageRequest.of(2, "");

    Page<String> full = request.page(List.of("a", "b", "c"), s -> s);
    Page<String> last = request.page(List.of("d", "e"), s -> s);

    assertThat(full.items()).containsExactly("a", "b");
    assertThat(PageRequest.of(2, full.nextToken()).after()).isEqualTo("b");
    assertThat(last.nextToken()).isEmpty();
  }

  @Test
  void cutsAPageThatIsTooLarge() {
    assertThat(PageRequest.of(1_000_000, "").size()).isEqualTo(PageRequest.LARGEST);
    assertThat(PageRequest.of(0, "").size()).isEqualTo(PageRequest.DEFAULT);
  }

  @Test
  void refusesANegativeSizeAndATokenThatNobodyGaveOut() {
    assertThatThrownBy(() -> PageRequest.of(-1, ""))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> PageRequest.of(1, "%%%"))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("%%%");
  }
}
