package io.slipway.models.runtime;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * libtorch's products with weights of few bits on the CPU, which its C++ interface does not name:
 * they are called by the names of their operators. All of them multiply by activations in bfloat16.
 */
public final class PackedKernels {

  private static final OperatorHandle INT8 = operator("aten::_weight_int8pack_mm");
  private static final OperatorHandle PACK_INT4 =
      operator("aten::_convert_weight_to_int4pack_for_cpu");

  private static final OperatorHandle INT4 = operator("aten::_weight_int4pack_mm_for_cpu");

  /** Tiles of the innermost dimension, which the CPU's packing does not look at. */
  private static final long UNUSED = 1;

  /**
   * Outputs whose numbers lie together; of two that share a byte the second is half of them after
   * the first. Depends on the processor.
   */
  private static final long TOGETHER = together();

  /** Whether {@link #unpackInt4} can be called: whether the order of packed numbers is known. */
  public static final boolean KNOWS_INT4_ORDER = TOGETHER > 0;

  private PackedKernels() {}

  private static OperatorHandle operator(String name) {
    return Scope.keep(Dispatcher.singleton().findSchemaOrThrow(name, ""));
  }

  /**
   * A product with a weight of 8 bits.
   *
   * @param x [rows, inputs], bfloat16
   * @param weight [outputs, inputs], int8
   * @param scales [outputs], bfloat16
   * @return [rows, outputs], bfloat16
   */
  public static Tensor int8(Tensor x, Tensor weight, Tensor scales) {
    return call(INT8, new IValue(x), new IValue(weight), new IValue(scales));
  }

  /**
   * Packs numbers from 0 to 15 as the kernel reads them.
   *
   * @param numbers [outputs, inputs], int32; outputs are a multiple of 64
   * @return bytes of two numbers each: [outputs, inputs / 2]
   */
  public static Tensor packInt4(Tensor numbers) {
    return call(PACK_INT4, new IValue(numbers), new IValue(UNUSED));
  }

  /**
   * A product with a weight of 4 bits, which are (q - 8) * scale + offset.
   *
   * @param x [rows, inputs], bfloat16
   * @param packed from {@link #packInt4}
   * @param group inputs that share a scale
   * @param scales [inputs / group, outputs, 2], scale and offset, bfloat16
   * @return [rows, outputs], bfloat16
   */
  public static Tensor int4(Tensor x, Tensor packed, long group, Tensor scales) {
    return call(INT4, new IValue(x), new IValue(packed), new IValue(group), new IValue(scales));
  }

  /**
   * Unpacks the numbers of some outputs.
   *
   * @param from a multiple of 64, as is the end
   * @return [inputs, outputs from the first to before the last], bytes
   */
  public static Tensor unpackInt4(Tensor packed, long from, long to) {
    return unpack(packed, from, to, TOGETHER);
  }

  private static Tensor unpack(Tensor packed, long from, long to, long together) {
    long inputs = packed.size(1) * 2;
    Tensor bytes =
        packed
            .narrow(0, from, to - from)
            .contiguous()
            .view((to - from) / together, inputs, together / 2);
    return torch
        .cat(
            new TensorVector(bytes.__and__(new Scalar(0xf)), bytes.__rshift__(new Scalar(4))),
            2) // [blocks, inputs, together]
        .transpose(0, 1)
        .reshape(inputs, to - from);
  }

  /** Tries on numbers that tell all places apart; 0 when no known order fits. */
  private static long together() {
    int outputs = 64;
    int inputs = 32;
    try (PointerScope scope = new PointerScope()) {
      long[] numbers =
          IntStream.range(0, outputs * inputs)
              .mapToLong(i -> (i / inputs * 7L + i % inputs * 3L + i / 64) % 16)
              .toArray();
      Tensor expected = Tensors.of(numbers, ComputeDevice.CPU, outputs, inputs);
      Tensor packed = packInt4(expected.to(ScalarType.Int));
      return Arrays.stream(new long[] {64, 32})
          .filter(size -> unpack(packed, 0, outputs, size).t().to(ScalarType.Long).equal(expected))
          .findFirst()
          .orElse(0);
    }
  }

  private static Tensor call(OperatorHandle operator, IValue... arguments) {
    IValueVector stack = new IValueVector(arguments);
    operator.callBoxed(stack);
    return stack.get(0).toTensor();
  }
}
