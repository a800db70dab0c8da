package io.slipway.models.architecture.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.OnCpu;
import io.slipway.models.ReferenceCase;
import io.slipway.models.architecture.ImageClassifier;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.ReferenceRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisionConfigsTests {

  @OnCpu(threads = 1)
  private static ComputeExecutor executor;

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "vit | image_size | [12, 12, 12] | MALFORMED_CONFIG | image_size is [12, 12, 12]",
        "vit | image_size | \"12\" | MALFORMED_CONFIG | image_size is \"12\"",
        "vit | patch_size | 13 | MALFORMED_CONFIG | patch_size is",
        "vit | num_attention_heads | 3 | MALFORMED_CONFIG | hidden_size is 16, which 3 attention heads",
        "vit | hidden_act | \"prelu\" | UNSUPPORTED_CONFIG | hidden_act is \"prelu\"",
        "resnet-basic | layer_type | \"wide\" | UNSUPPORTED_CONFIG | layer_type is \"wide\"",
        "resnet-basic | depths | [1, 2, 1] | MALFORMED_CONFIG | depths has 3 stages, hidden_sizes 2",
        "resnet-basic | depths | [1, 0] | MALFORMED_CONFIG | depths is [1, 0]",
        "resnet-bottleneck | hidden_sizes | [8, 3] | MALFORMED_CONFIG | hidden_sizes is [8, 3]",
        "resnet-basic | quantization_config | {} | UNSUPPORTED_CONFIG | quantization_config",
      })
  void whatIsNotImplementedIsRefusedByName(
      String name, String field, String json, Reason reason, String message) throws Exception {
    ReferenceCase changed =
        ReferenceCase.named("vision/" + name).configured(temp.resolve("changed"), field, json);
    ReferenceRun.assertRefused(changed, reason, message, executor);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vit | 1 | 3 | 12 | 16 | images of 12 x 16 pixels, but the model is for 12 x 12",
        "vit | 1 | 1 | 12 | 12 | pixels of shape [1, 1, 12, 12], but the model is for [images, 3, height, width]",
        "resnet-bottleneck | 2 | 3 | 32 | 32 | pixels of shape [2, 3, 32, 32], but the model is for [images, 1, height, width]",
      })
  void imagesOfAnotherShapeAreRefused(
      String name, long images, long channels, long height, long width, String message) {
    assertThatThrownBy(() -> labels(name, images, channels, height, width))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aResNetTakesImagesOfAnySize() throws Exception {
    assertThat(labels("resnet-bottleneck", 2, 1, 33, 50)).isEqualTo(3);
  }

  /** Runs a model on black images. */
  private static long labels(String name, long images, long channels, long height, long width)
      throws Exception {
    float[] pixels = new float[(int) (images * channels * height * width)];
    return executor.call(
        () -> {
          try (LoadedModel<?> model =
              ReferenceCase.named("vision/" + name).forInference(Precision.FLOAT32)) {
            return ((ImageClassifier) model.model())
                .logits(
                    Forward.inference(),
                    Tensors.of(pixels, ComputeDevice.CPU, images, channels, height, width))
                .size(1);
          }
        });
  }
}
