package io.slipway.modelfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.GenerationDefaults.EarlyStopping;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationDefaultsTests {

  @TempDir Path temp;

  private static GenerationDefaults parse(String fields) {
    return GenerationDefaults.of(ModelConfig.parse(GenerationDefaults.FILE, "{" + fields + "}"));
  }

  @Test
  void readsEveryField() {
    GenerationDefaults defaults =
        parse(
            """
            "max_length": 40, "max_new_tokens": 30, "min_length": 2, "min_new_tokens": 1,
            "max_time": 1.5, "stop_strings": "end", "do_sample": true, "num_beams": 4,
            "early_stopping": "never", "length_penalty": 0.5, "num_return_sequences": 3,
            "temperature": 0.7, "top_k": 20, "top_p": 0.8, "min_p": 0.1, "typical_p": 0.9,
            "repetition_penalty": 1.1, "no_repeat_ngram_size": 3, "bad_words_ids": [[1], [2, 3]],
            "renormalize_logits": false, "suppress_tokens": [4], "begin_suppress_tokens": [5, 6],
            "forced_bos_token_id": 7, "forced_eos_token_id": 8, "bos_token_id": 9,
            "eos_token_id": [10, 11], "pad_token_id": -1, "decoder_start_token_id": 12,
            "transformers_version": "5.0", "_from_model_config": true, "own_field": {}
            """);

    assertThat(defaults.maxLength()).contains(40);
    assertThat(defaults.maxNewTokens()).contains(30);
    assertThat(defaults.minLength()).contains(2);
    assertThat(defaults.minNewTokens()).contains(1);
    assertThat(defaults.maxTime()).contains(1.5);
    assertThat(defaults.stopStrings()).containsExactly("end");
    assertThat(defaults.doSample()).contains(true);
    assertThat(defaults.numBeams()).contains(4);
    assertThat(defaults.earlyStopping()).contains(EarlyStopping.NEVER);
    assertThat(defaults.lengthPenalty()).contains(0.5);
    assertThat(defaults.numReturnSequences()).contains(3);
    assertThat(defaults.temperature()).contains(0.7);
    assertThat(defaults.topK()).contains(20);
    assertThat(defaults.topP()).contains(0.8);
    assertThat(defaults.minP()).contains(0.1);
    assertThat(defaults.typicalP()).contains(0.9);
    assertThat(defaults.repetitionPenalty()).contains(1.1);
    assertThat(defaults.noRepeatNgramSize()).contains(3);
    assertThat(defaults.badWordsIds()).containsExactly(List.of(1), List.of(2, 3));
    assertThat(defaults.renormalizeLogits()).contains(false);
    assertThat(defaults.suppressTokens()).containsExactly(4);
    assertThat(defaults.beginSuppressTokens()).containsExactly(5, 6);
    assertThat(defaults.forcedBosTokenId()).contains(7);
    assertThat(defaults.forcedEosTokenIds()).containsExactly(8);
    assertThat(defaults.bosTokenId()).contains(9);
    assertThat(defaults.eosTokenIds()).containsExactly(10, 11);
    assertThat(defaults.padTokenId()).contains(-1);
    assertThat(defaults.decoderStartTokenId()).contains(12);
    assertThat(defaults.fields().has("own_field")).isTrue();
  }

  @Test
  void leavesOpenWhatIsNotSaid() {
    GenerationDefaults defaults = parse("\"eos_token_id\": 2, \"top_p\": null");

    assertThat(defaults.eosTokenIds()).containsExactly(2);
    assertThat(defaults.topP()).isEmpty();
    assertThat(defaults.doSample()).isEmpty();
    assertThat(defaults.earlyStopping()).isEmpty();
    assertThat(defaults.stopStrings()).isEmpty();
    assertThat(parse("\"early_stopping\": true").earlyStopping()).contains(EarlyStopping.YES);
    assertThat(parse("\"early_stopping\": false").earlyStopping()).contains(EarlyStopping.NO);
  }

  @Test
  void takesAnOlderCheckpointsConfigurationWhereThereIsNoFile() throws IOException {
    ModelConfig model = ModelConfig.parse("config.json", "{\"num_beams\": 4, \"hidden_size\": 8}");
    assertThat(GenerationDefaults.read(temp, model).numBeams()).contains(4);

    Files.writeString(temp.resolve("generation_config.json"), "{\"num_beams\": 2}");
    assertThat(GenerationDefaults.read(temp, model).numBeams()).contains(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"early_stopping\": \"soon\" | early_stopping is \"soon\", expected true, false or \"never\"",
        "\"early_stopping\": 1 | early_stopping is 1, expected true or false",
        "\"max_new_tokens\": 0 | max_new_tokens is 0, expected at least 1",
        "\"max_length\": \"20\" | max_length is \"20\", expected an integer",
        "\"temperature\": true | temperature is true, expected a number",
        "\"eos_token_id\": \"2\" | eos_token_id is \"2\", expected an array of integers",
        "\"bad_words_ids\": [1] | bad_words_ids is [1], expected an array of arrays of integers",
        "\"num_return_sequences\": 2 | num_return_sequences is 2, expected 1 where neither beams nor samples make more",
        "\"num_return_sequences\": 5, \"num_beams\": 4, \"do_sample\": true | num_return_sequences is 5, expected at most num_beams, 4",
        "\"forced_eos_token_id\": [2, 3], \"suppress_tokens\": [3, 4, 2] | forced_eos_token_id is [2, 3], which suppress_tokens never lets come",
        "\"forced_bos_token_id\": 2, \"suppress_tokens\": [2] | forced_bos_token_id is [2], which suppress_tokens never lets come",
        "\"streamer\": null | streamer is no setting, but an argument of a call",
      })
  void refusesWhatIsWrongOrContradictory(String fields, String message) {
    assertThatThrownBy(() -> parse(fields))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED_CONFIG))
        .hasMessage("generation_config.json: " + message);
  }

  @Test
  void letsHarmlessContradictionsPassAsTheReferenceDoes() {
    assertThat(parse("\"temperature\": 0.5, \"do_sample\": false").temperature()).contains(0.5);
    assertThat(parse("\"length_penalty\": 2.0").lengthPenalty()).contains(2.0);
    assertThat(parse("\"num_return_sequences\": 3, \"do_sample\": true").numReturnSequences())
        .contains(3);
    assertThat(
            parse("\"forced_eos_token_id\": [2, 3], \"suppress_tokens\": [3]").forcedEosTokenIds())
        .containsExactly(2, 3);
  }
}
