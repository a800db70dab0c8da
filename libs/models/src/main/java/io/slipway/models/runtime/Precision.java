package io.slipway.models.runtime;

import io.slipway.modelfiles.safetensors.Dtype;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How exact a model is: the type of its stored weights, and with it that of its activations.
 *
 * <p>A device that cannot compute in bfloat16 only stores in it: weights take half of the memory,
 * and what passes through the model stays in single precision, which is faster there.
 */
public enum Precision {
  FLOAT32(ScalarType.Float, Dtype.F32),
  BFLOAT16(ScalarType.BFloat16, Dtype.BF16),
  /** Linear layers in 8 bits with a scale for each output, everything else as in BFLOAT16. */
  INT8(ScalarType.BFloat16, Dtype.BF16),
  /** Linear layers in 4 bits with a scale for each group of inputs, the rest as in BFLOAT16. */
  INT4(ScalarType.BFloat16, Dtype.BF16);

  private final ScalarType scalarType;
  private final Dtype dtype;

  Precision(ScalarType scalarType, Dtype dtype) {
    this.scalarType = scalarType;
    this.dtype = dtype;
  }

  /** The type of the matrices that are not quantised. */
  public ScalarType scalarType() {
    return scalarType;
  }

  /** The type of activations, and of the small weights, such as biases. */
  public ScalarType activations(ComputeDevice device) {
    return scalarType == ScalarType.BFloat16 && !device.computesBfloat16()
        ? ScalarType.Float
        : scalarType;
  }

  /** The type of the matrices in a file; those of it need no conversion. */
  public Dtype dtype() {
    return dtype;
  }

  /** Whether linear layers have fewer bits than any type of floating-point numbers. */
  public boolean isQuantized() {
    return this == INT8 || this == INT4;
  }
}
