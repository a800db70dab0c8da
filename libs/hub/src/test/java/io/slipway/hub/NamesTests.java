package io.slipway.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTests {

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "acme/bert", "Qwen/Qwen2.5-0.5B", "a/b_c", "01-ai/Yi-6B"})
  void acceptsModelIds(String id) {
    assertThat(RepositoryId.of(id).value()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "a/", "/a", "a/b/c", "..", "../a", "a/..", ".a/b", "a/b.git", "a--b", "a b",
        "a/b?x", "a\\b", "a/%2e", "a\nb", "-a", "a/b-"
      })
  void refusesWhatIsNoModelId(String id) {
    assertThatIllegalArgumentException().isThrownBy(() -> RepositoryId.of(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a..b", "/a", "-x", "a b", "a:b", "a\0b", "~1"})
  void refusesWhatIsNoRevision(String revision) {
    assertThatIllegalArgumentException().isThrownBy(() -> Revision.of(revision));
  }

  @Test
  void knowsACommitFromABranch() {
    assertThat(Revision.of("0123456789abcdef0123456789abcdef01234567").isCommit()).isTrue();
    assertThat(Revision.MAIN.isCommit()).isFalse();
    assertThat(Revision.of("refs/pr/1").isCommit()).isFalse();
  }

  @Test
  void refusesHashesThatAreNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RepositoryFile("a", 1, "../x", null));
    assertThatIllegalArgumentException().isThrownBy(() -> new RepositoryFile("a", 1, null, "ABC"));
  }

  @Test
  void aQuerySurvivesTheWayThroughItsParameters() {
    ModelQuery query =
        ModelQuery.ALL
            .searching("x")
            .tagged("a", "b")
            .by("acme")
            .forTask("fill-mask")
            .sorted(ModelQuery.Sort.DOWNLOADS, false)
            .limitedTo(5)
            .inFull();

    assertThat(ModelQuery.ofParameters(query.toParameters())).isEqualTo(query);
    assertThat(ModelQuery.ofParameters(Map.of())).isEqualTo(ModelQuery.ALL);
    assertThat(ModelQuery.ofParameters(Map.of("limit", List.of("99999"))).limit()).isEqualTo(1000);
  }
}
