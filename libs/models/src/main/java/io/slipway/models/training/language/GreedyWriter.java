package io.slipway.models.training.language;

import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.generation.FinishReason;
import io.slipway.models.generation.GeneratedSequence;
import io.slipway.models.generation.GenerationBatch;
import io.slipway.models.generation.GenerationRequest;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.layers.pass.Forward;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes the likeliest token, again and again, until each text has ended.
 *
 * @param start the decoder's first token
 * @param settings greedy ones, which say what ends a text
 */
record GreedyWriter(EncoderDecoder model, long start, GenerationSettings settings) {

  /** On the compute thread: a text for each source, without the token that ended it. */
  List<long[]> write(Forward forward, TokenBatch sources) {
    List<GenerationRequest> texts =
        IntStream.range(0, sources.rows())
            .mapToObj(row -> GenerationRequest.of(row, new long[] {start}, settings))
            .toList();
    try (var batch =
        new GenerationBatch(model.begin(forward, sources, settings.maxNewTokens()), texts)) {
      return batch.finish(() -> forward).stream().map(GreedyWriter::withoutEnd).toList();
    }
  }

  private static long[] withoutEnd(GeneratedSequence text) {
    boolean ended = text.finishReason() == FinishReason.STOP_TOKEN;
    return Arrays.copyOf(text.ids(), text.ids().length - (ended ? 1 : 0));
  }
}
