package io.slipway.models.runtime;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors from Java arrays and file mappings, and back. All belong to the current scope. */
public final class Tensors {

  private Tensors() {}

  /** A copy of an array on a device. */
  public static Tensor of(long[] values, ComputeDevice device, long... shape) {
    return onto(device, Tensor.create(values, shape));
  }

  /** A copy of an array on a device. */
  public static Tensor of(float[] values, ComputeDevice device, long... shape) {
    return onto(device, Tensor.create(values, shape));
  }

  /** A copy of an array on a device; false for 0. */
  public static Tensor of(boolean[] values, ComputeDevice device, long... shape) {
    return onto(device, Tensor.create(values, shape));
  }

  private static Tensor onto(ComputeDevice device, Tensor tensor) {
    return device.kind() == ComputeDevice.Kind.CPU
        ? tensor
        : tensor.to(device.handle(), tensor.scalar_type());
  }

  /** The values in row-major order, converted to float. */
  public static float[] floats(Tensor tensor) {
    Tensor plain = tensor.detach().to(ComputeDevice.CPU.handle(), ScalarType.Float).contiguous();
    float[] values = new float[Math.toIntExact(plain.numel())];
    if (values.length > 0) {
      plain.data_ptr_float().get(values);
    }
    return values;
  }

  /** The values of whole numbers in row-major order. */
  public static long[] longs(Tensor tensor) {
    Tensor plain = tensor.to(ComputeDevice.CPU.handle(), ScalarType.Long).contiguous();
    long[] values = new long[Math.toIntExact(plain.numel())];
    if (values.length > 0) {
      plain.data_ptr_long().get(values);
    }
    return values;
  }

  /** The values of a matrix, row by row, converted to float. */
  public static float[][] rows(Tensor matrix) {
    float[] values = floats(matrix);
    int columns = Math.toIntExact(matrix.size(1));
    float[][] rows = new float[Math.toIntExact(matrix.size(0))][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  /**
   * A file's tensor without copying it: reads the mapping, so it must not be written to, and must
   * not be used once the file is closed.
   */
  public static Tensor view(TensorView file) {
    long[] shape = shape(file.shape());
    if (file.data().byteSize() == 0) {
      return torch.empty(shape, new TensorOptions(scalarType(file.dtype())), null);
    }
    Pointer address = new MappedPointer(file.data());
    if (file.data().address() % file.dtype().bytes() == 0) {
      return torch.from_blob(address, shape, new TensorOptions(scalarType(file.dtype())));
    }
    long[] bytes = {file.data().byteSize()};
    return torch
        .from_blob(address, bytes, new TensorOptions(ScalarType.Byte))
        .clone()
        .view(scalarType(file.dtype()))
        .view(shape);
  }

  /** The same values in memory of its own. */
  public static Tensor copy(Tensor tensor, ComputeDevice device, ScalarType type) {
    Tensor converted = tensor.to(device.handle(), type);
    return converted.data_ptr().address() == tensor.data_ptr().address()
        ? converted.clone()
        : converted;
  }

  /** The memory of a contiguous tensor on the CPU; valid as long as the tensor. */
  public static MemorySegment memory(Tensor tensor) {
    return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
  }

  public static List<Long> shape(Tensor tensor) {
    return LongStream.of(tensor.shape()).boxed().toList();
  }

  public static long[] shape(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** The type as a file names it. */
  public static Dtype dtype(Tensor tensor) {
    return switch (tensor.scalar_type().intern()) {
      case Bool -> Dtype.BOOL;
      case Byte -> Dtype.U8;
      case Char -> Dtype.I8;
      case Short -> Dtype.I16;
      case Half -> Dtype.F16;
      case BFloat16 -> Dtype.BF16;
      case Int -> Dtype.I32;
      case Float -> Dtype.F32;
      case Double -> Dtype.F64;
      case Long -> Dtype.I64;
      default -> throw new IllegalArgumentException("no file type for " + tensor.scalar_type());
    };
  }

  private static ScalarType scalarType(Dtype dtype) {
    return switch (dtype) {
      case BOOL -> ScalarType.Bool;
      case U8 -> ScalarType.Byte;
      case I8 -> ScalarType.Char;
      case F8_E5M2 -> ScalarType.Float8_e5m2;
      case F8_E4M3 -> ScalarType.Float8_e4m3fn;
      case I16 -> ScalarType.Short;
      case U16 -> ScalarType.UInt16;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case I32 -> ScalarType.Int;
      case U32 -> ScalarType.UInt32;
      case F32 -> ScalarType.Float;
      case F64 -> ScalarType.Double;
      case I64 -> ScalarType.Long;
      case U64 -> ScalarType.UInt64;
    };
  }

  /** Points into memory that someone else owns; frees nothing. */
  private static final class MappedPointer extends Pointer {

    @SuppressWarnings("this-escape")
    MappedPointer(MemorySegment segment) {
      address = segment.address();
    }
  }
}
