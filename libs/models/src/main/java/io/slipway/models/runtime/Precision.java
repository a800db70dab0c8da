package io.slipway.models.runtime;

import io.slipway.modelfiles.safetensors.Dtype;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The type that weights and activations have while a model runs. */
public enum Precision {
  FLOAT32(ScalarType.Float, Dtype.F32),
  BFLOAT16(ScalarType.BFloat16, Dtype.BF16);

  private final ScalarType scalarType;
  private final Dtype dtype;

  Precision(ScalarType scalarType, Dtype dtype) {
    this.scalarType = scalarType;
    this.dtype = dtype;
  }

  public ScalarType scalarType() {
    return scalarType;
  }

  /** The same type in a file; weights of it need no conversion. */
  public Dtype dtype() {
    return dtype;
  }
}
