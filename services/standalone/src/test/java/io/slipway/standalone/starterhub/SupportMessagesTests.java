package io.slipway.standalone.starterhub;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SupportMessagesTests {
  private static final SupportMessages MESSAGES = SupportMessages.generate(StarterHub.SEED);

  @TempDir Path directory;

  @Test
  void areAPureFunctionOfTheSeed() {
    assertThat(SupportMessages.generate(StarterHub.SEED)).isEqualTo(MESSAGES);
    assertThat(SupportMessages.generate(StarterHub.SEED + 1)).isNotEqualTo(MESSAGES);
  }

  @Test
  void areBalanced() {
    assertThat(MESSAGES.training()).hasSize(SupportMessages.TRAINING_SIZE);
    assertThat(MESSAGES.heldOut()).hasSize(SupportMessages.HELD_OUT_SIZE);
    for (SupportTeam team : SupportTeam.values()) {
      assertThat(MESSAGES.training())
          .filteredOn(m -> m.team() == team)
          .hasSize(SupportMessages.TRAINING_SIZE / 4);
      assertThat(MESSAGES.heldOut())
          .filteredOn(m -> m.team() == team)
          .hasSize(SupportMessages.HELD_OUT_SIZE / 4);
    }
  }

  @Test
  void holdOutMessagesThatAreNotTrainedOn() {
    Set<String> trained =
        MESSAGES.training().stream().map(SupportMessage::essence).collect(Collectors.toSet());
    assertThat(trained).hasSize(SupportMessages.TRAINING_SIZE);
    assertThat(MESSAGES.heldOut())
        .extracting(SupportMessage::essence)
        .doesNotHaveDuplicates()
        .noneMatch(trained::contains);
  }

  @Test
  void haveAVariedLanguage() {
    Map<String, Integer> words = new HashMap<>();
    MESSAGES
        .training()
        .forEach(
            m ->
                List.of(m.text().toLowerCase(Locale.ROOT).split("[^a-z]+"))
                    .forEach(w -> words.merge(w, 1, Integer::sum)));
    assertThat(words.values().stream().filter(count -> count > 2).count()).isGreaterThan(900);
    assertThat(MESSAGES.training())
        .extracting(m -> m.text().length())
        .anyMatch(n -> n < 40)
        .anyMatch(n -> n > 200);
  }

  @Test
  void canBeLearntButNotPerfectly() {
    var learnt = new WordCounts(MESSAGES.training());
    long right =
        MESSAGES.heldOut().stream().filter(m -> learnt.guess(m.text()) == m.team()).count();
    assertThat(right / (double) MESSAGES.heldOut().size()).isBetween(0.92, 0.985);
  }

  @Test
  void areWrittenAsCsvAndAsJsonLines() throws Exception {
    Path csv = directory.resolve("training.csv");
    Path jsonl = directory.resolve("held-out.jsonl");
    MESSAGES.writeTrainingCsv(csv);
    MESSAGES.writeHeldOutJsonl(jsonl);

    try (var rows = CsvReader.builder().ofNamedCsvRecord(csv)) {
      assertThat(
              rows.stream()
                  .map(
                      row ->
                          new SupportMessage(row.getField("message"), team(row.getField("team")))))
          .containsExactlyElementsOf(MESSAGES.training());
    }
    assertThat(
            Files.readAllLines(jsonl).stream()
                .map(JsonMapper.shared()::readTree)
                .map(
                    row ->
                        new SupportMessage(
                            row.get("customer_message").asString(),
                            team(row.get("department").asString()))))
        .containsExactlyElementsOf(MESSAGES.heldOut());
  }

  private static SupportTeam team(String label) {
    return SupportTeam.values()[SupportTeam.labels().indexOf(label)];
  }
}
