package io.slipway.models.generation.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.models.generation.settings.Beams.EarlyStopping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationConfigTests {

  @TempDir private Path directory;

  private GenerationConfig file(String json) throws IOException {
    Files.writeString(directory.resolve(GenerationConfig.FILE), json);
    return GenerationConfig.read(directory, fields("{\"max_length\": 99}"));
  }

  private static ModelConfig fields(String json) {
    return ModelConfig.parse("parameters", json);
  }

  private static GenerationSettings settings(GenerationConfig config) {
    return config.settings(4, OptionalInt.empty(), 1);
  }

  @Test
  void takesTheReferencesDefaultsWhereNothingIsSaid() throws Exception {
    GenerationConfig config = file("{}");
    assertThat(settings(config))
        .isEqualTo(
            GenerationSettings.greedy(20).withStopping(new Stopping(Set.of(), List.of(), true)));
    assertThat(config.settings(10, OptionalInt.of(16), 1).maxNewTokens()).isEqualTo(6);
    assertThat(config.returnedSequences()).isEqualTo(1);
    GenerationConfig sampled = config.withCaller(fields("{\"do_sample\": true}"));
    assertThat(settings(sampled).sampling()).contains(new Sampling(1, 50, 1, 0, 1, 1));
  }

  @Test
  void readsConfigJsonWhereThereIsNoFile() throws Exception {
    GenerationConfig config = GenerationConfig.read(directory, fields("{\"max_length\": 99}"));
    assertThat(settings(config).maxNewTokens()).isEqualTo(95);
  }

  @Test
  void aCallerComesBeforeATaskAndATaskBeforeTheFile() throws Exception {
    GenerationConfig config =
        file("""
                {"max_length": 50, "min_length": 8, "num_beams": 4, "early_stopping": true, "length_penalty": 2.0,
                 "eos_token_id": [2, 7], "forced_bos_token_id": 0, "forced_eos_token_id": 2, "bad_words_ids": [[1]],
                 "decoder_start_token_id": 5, "renormalize_logits": true}
                """)
            .withTask(fields("{\"max_length\": 30, \"early_stopping\": \"never\"}"))
            .withCaller(fields("{\"max_new_tokens\": 9, \"num_beams\": null}"));
    GenerationSettings settings = settings(config);
    assertThat(settings.maxNewTokens()).isEqualTo(9);
    assertThat(settings.minNewTokens()).isEqualTo(4);
    assertThat(settings.beams()).contains(new Beams(4, 2, EarlyStopping.NEVER, true));
    assertThat(settings.stopping()).isEqualTo(new Stopping(Set.of(2, 7), List.of(), true));
    assertThat(settings.constraints())
        .isEqualTo(
            Constraints.NONE
                .withBadWords(List.of(List.of(1)))
                .withForced(OptionalInt.of(0), Set.of(2)));
    assertThat(config.decoderStartToken()).isEqualTo(5);
    GenerationConfig stopped =
        config.withCaller(fields("{\"num_beams\": 1, \"stop_strings\": \"x\"}"));
    assertThat(settings(stopped).stopping().strings()).containsExactly("x");
  }

  @Test
  void refusesByNameWhatItCannotDo() throws Exception {
    assertThatExceptionOfType(ModelFilesException.class)
        .isThrownBy(() -> file("{\"penalty_alpha\": 0.6}"))
        .withMessageContaining("penalty_alpha is 0.6");
    GenerationConfig config = file("{\"num_beam_groups\": 1, \"guidance_scale\": null}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withCaller(fields("{\"constraints\": [1]}")))
        .withMessageContaining("constraints");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(config.withCaller(fields("{\"max_new_tokens\": \"many\"}"))))
        .withMessageContaining("max_new_tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                settings(
                    config.withCaller(fields("{\"num_beams\": 2, \"early_stopping\": \"soon\"}"))))
        .withMessageContaining("soon");
    assertThatIllegalArgumentException()
        .isThrownBy(config::decoderStartToken)
        .withMessageContaining("decoder_start_token_id");
  }
}
