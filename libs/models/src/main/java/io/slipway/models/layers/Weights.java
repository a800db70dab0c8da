package io.slipway.models.layers;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.TensorView;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.NativeMemory;
import io.slipway.models.runtime.OneDnn;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights. Layers ask for them by name and shape while the model is built; {@link
 * #complete} then fails if any was missing, misshapen or left over, naming them all.
 *
 * <p>For inference they are views of the mapped files, copied only where device or precision ask
 * for it, and the checkpoint is kept open; what is trained is a copy that requires gradients. Owns
 * the tensors until {@link #close}, which like everything here runs on the compute thread.
 */
public final class Weights implements AutoCloseable {

  private static final String WEIGHT = ".weight";
  private static final int PROBLEMS_SHOWN = 20;

  /** What the weights are loaded for. */
  private enum Use {
    INFERENCE,
    /** Everything is copied, and the checkpoint not needed any more. */
    TRAINING,
    /** Most are only read. */
    ADAPTER_TRAINING
  }

  private final Map<String, TensorView> files = new LinkedHashMap<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Set<String> duplicates = new HashSet<>();
  private final LinearLayers layers = new LinearLayers();
  private final Set<String> begun = new LinkedHashSet<>();
  private final WeightNames names;
  private final ComputeDevice device;
  private final Precision precision;
  private final Use use;
  private final Predicate<String> trained;
  private final FreshWeights fresh;
  private @Nullable Checkpoint mapped;

  private Weights(
      Checkpoint checkpoint,
      WeightNames names,
      ComputeDevice device,
      Precision precision,
      Use use,
      Predicate<String> trained,
      FreshWeights fresh) {
    this.names = names;
    this.device = device;
    this.precision = precision;
    this.use = use;
    this.trained = trained;
    this.fresh = fresh;
    this.mapped = use == Use.TRAINING ? null : checkpoint;
    checkpoint
        .tensors()
        .forEach(
            (name, view) -> {
              String canonical = names.canonical(name, checkpoint.tensors().keySet());
              if (files.putIfAbsent(canonical, view) != null) {
                problems.add(name + " and another tensor both mean " + canonical);
              }
            });
  }

  /** Weights that are only read. Owns the checkpoint from here. */
  public static Weights forInference(
      Checkpoint checkpoint, WeightNames names, ComputeDevice device, Precision precision) {
    return forInference(checkpoint, names, device, precision, FreshWeights.NONE);
  }

  /**
   * Weights that are only read, except that some may be missing because adapters bring them. Owns
   * the checkpoint from here.
   */
  public static Weights forInference(
      Checkpoint checkpoint,
      WeightNames names,
      ComputeDevice device,
      Precision precision,
      FreshWeights fresh) {
    return new Weights(checkpoint, names, device, precision, Use.INFERENCE, name -> false, fresh);
  }

  /**
   * Weights that are trained, in single precision. The checkpoint may be closed once they are
   * complete.
   */
  public static Weights forTraining(
      Checkpoint checkpoint, WeightNames names, ComputeDevice device, FreshWeights fresh) {
    return new Weights(
        checkpoint, names, device, Precision.FLOAT32, Use.TRAINING, name -> true, fresh);
  }

  /**
   * Weights of which only some are trained, in single precision; the others stay as they are. Owns
   * the checkpoint from here.
   *
   * @param trained by name; fresh weights are always trained
   */
  public static Weights forAdapterTraining(
      Checkpoint checkpoint,
      WeightNames names,
      ComputeDevice device,
      FreshWeights fresh,
      Predicate<String> trained) {
    return new Weights(
        checkpoint, names, device, Precision.FLOAT32, Use.ADAPTER_TRAINING, trained, fresh);
  }

  /** Whether the checkpoint has a tensor of this name. */
  public boolean has(String name) {
    return files.containsKey(name);
  }

  /** Whether the checkpoint has both tensors, and they are equal bit for bit. */
  public boolean same(String name, String other) {
    TensorView one = files.get(name);
    TensorView two = files.get(other);
    return one != null
        && two != null
        && one.dtype() == two.dtype()
        && one.shape().equals(two.shape())
        && one.data().mismatch(two.data()) == -1;
  }

  /**
   * A weight of the model. When it cannot be had, an empty stand-in keeps the construction going,
   * and {@link #complete} fails.
   */
  public Tensor parameter(String name, Role role, long... shape) {
    boolean trains = trained.test(name);
    Tensor tensor = Scope.keep(Scope.result(() -> make(name, role, shape, trains)));
    if (trains || (use != Use.INFERENCE && begun.contains(name))) {
      tensor.set_requires_grad(true);
    }
    add(new Parameter(name, role, tensor));
    return tensor;
  }

  /**
   * A tensor that belongs to the model and is saved with it, but that no gradient moves, such as a
   * normalisation's running mean. Always in single precision.
   */
  public Tensor buffer(String name, long... shape) {
    Tensor tensor = Scope.keep(Scope.result(() -> make(name, Role.BUFFER, shape, true)));
    add(new Parameter(name, Role.BUFFER, tensor));
    return tensor;
  }

  /**
   * A whole number that belongs to the model and is saved with it, such as the batches that a
   * normalisation has seen: int64, without dimensions. Begins at zero where the checkpoint has
   * none.
   */
  public Tensor counter(String name) {
    Tensor tensor = Scope.keep(Scope.result(() -> count(name)));
    add(new Parameter(name, Role.BUFFER, tensor));
    return tensor;
  }

  private Tensor count(String name) {
    TensorView view = files.get(name);
    if (view == null) {
      return torch.zeros(new long[0], new TensorOptions(ScalarType.Long));
    }
    if (view.dtype() != Dtype.I64 || !view.shape().isEmpty()) {
      problems.add("%s is %s %s, expected I64 []".formatted(name, view.dtype(), view.shape()));
    }
    return Tensors.view(view).clone();
  }

  /**
   * Like {@link #buffer(String, long...)}, for what a checkpoint may lack.
   *
   * @param absent makes what it is then, of this shape, in the current scope
   */
  public Tensor buffer(String name, Supplier<Tensor> absent, long... shape) {
    if (files.containsKey(name)) {
      return buffer(name, shape);
    }
    Tensor tensor =
        Scope.keep(Scope.result(() -> absent.get().to(device.handle(), ScalarType.Float)));
    add(new Parameter(name, Role.BUFFER, tensor));
    return tensor;
  }

  /** Where the checkpoint lacks a tensor, takes another of its tensors, if it is there, for it. */
  public void standIn(String other, String missing) {
    @Nullable TensorView view = files.get(other);
    if (view != null && !files.containsKey(missing)) {
      files.remove(other);
      files.put(missing, view);
    }
  }

  /** Whether the checkpoint has both tensors, and they are not the same. */
  public boolean differ(String name, String other) {
    return has(name) && has(other) && !same(name, other);
  }

  /** Says that the file may hold a second copy, under this name, of a weight that is shared. */
  public void duplicate(String name) {
    duplicates.add(name);
  }

  private void add(Parameter parameter) {
    if (parameters.putIfAbsent(parameter.name(), parameter) != null) {
      throw new IllegalStateException("the architecture asks for " + parameter.name() + " twice");
    }
  }

  private Tensor make(String name, Role role, long[] shape, boolean copied) {
    TensorView view = files.get(name);
    if (fresh.always().test(name) || (view == null && fresh.whenMissing().test(name))) {
      begun.add(name);
      return fresh(name, role, shape);
    }
    if (view == null) {
      problems.add("missing " + name + " " + asText(shape));
      return torch.zeros(0);
    }
    if (!view.shape().equals(boxed(shape))) {
      problems.add("%s has shape %s, expected %s".formatted(name, view.shape(), asText(shape)));
      return torch.zeros(0);
    }
    return switch (view.dtype()) {
      case F32, F16, BF16, F64 -> converted(view, scalarType(role), copied);
      default -> {
        problems.add(name + " has dtype " + view.dtype() + ", expected a floating-point type");
        yield torch.zeros(0);
      }
    };
  }

  private ScalarType scalarType(Role role) {
    return switch (role) {
      case MATRIX -> precision.scalarType();
      case KERNEL, BIAS, SCALE -> activations();
      case BUFFER -> ScalarType.Float;
    };
  }

  private Tensor converted(TensorView file, ScalarType type, boolean copied) {
    Tensor tensor = Tensors.view(file).to(device.handle(), type);
    boolean readsFile = tensor.data_ptr().address() == file.data().address();
    if (readsFile && !copied) {
      return tensor;
    }
    Tensor own = readsFile ? tensor.clone() : tensor;
    file.unload();
    return own;
  }

  private Tensor fresh(String name, Role role, long[] shape) {
    Tensor tensor =
        torch.zeros(
            shape,
            new TensorOptions()
                .dtype(new ScalarTypeOptional(scalarType(role)))
                .device(new DeviceOptional(device.handle())));
    return switch (role) {
      case BIAS, BUFFER -> tensor;
      case SCALE -> tensor.fill_(new Scalar(1.0));
      case MATRIX, KERNEL ->
          tensor.normal_(
              0,
              fresh.deviation(),
              new GeneratorOptional(Forward.generator(device, fresh.seed().derive(name))));
    };
  }

  /**
   * Ends the construction of the model.
   *
   * @throws ModelFilesException WEIGHTS_MISMATCH, naming every tensor that is missing, misshapen or
   *     left over
   */
  public void complete() {
    for (String name : files.keySet()) {
      if (!parameters.containsKey(name) && !duplicates.contains(name) && !names.ignorable(name)) {
        problems.add("unexpected " + name);
      }
    }
    if (!problems.isEmpty()) {
      String more =
          problems.size() > PROBLEMS_SHOWN
              ? ", and %d more".formatted(problems.size() - PROBLEMS_SHOWN)
              : "";
      throw new ModelFilesException(
          Reason.WEIGHTS_MISMATCH,
          problems.stream()
              .limit(PROBLEMS_SHOWN)
              .collect(Collectors.joining("; ", "the weights do not fit config.json: ", more)));
    }
    if (precision.isQuantized()) {
      layers.quantize(precision, this::forget);
    }
    pack();
    files.clear();
    NativeMemory.giveBack();
  }

  /** Packs weights for the processor, where that has products for them. */
  public void pack() {
    boolean packs =
        use == Use.INFERENCE
            && device.equals(ComputeDevice.CPU)
            && precision.scalarType() == ScalarType.BFloat16
            && OneDnn.PACKS_BFLOAT16;
    if (packs) {
      layers.pack(this::forget);
    }
  }

  /** Makes packed weights parameters again, until they are {@linkplain #pack packed} anew. */
  public void unpack() {
    layers.unpack(
        (linear, weight) -> add(new Parameter(linear.name() + WEIGHT, Role.MATRIX, weight)));
  }

  /** What a layer stores otherwise now. */
  private void forget(Linear linear) {
    parameter(linear.name() + WEIGHT)
        .ifPresent(
            stored -> {
              parameters.remove(stored.name());
              Scope.release(stored.tensor());
              unload(stored.name());
            });
  }

  private void unload(String name) {
    TensorView file = files.get(name);
    if (file != null) {
      file.unload();
    }
  }

  /** All weights of the model, in the order in which it asked for them. */
  public Collection<Parameter> parameters() {
    return Collections.unmodifiableCollection(parameters.values());
  }

  /** Those that are trained. */
  public List<Parameter> trained() {
    return parameters.values().stream().filter(p -> p.tensor().requires_grad()).toList();
  }

  /** Names of those that did not come from the checkpoint. */
  public Set<String> fresh() {
    return Collections.unmodifiableSet(begun);
  }

  /** A weight of the model by its name. */
  public Optional<Parameter> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /**
   * Gives a weight other values, which may be of another shape; the checkpoint stays as it is.
   *
   * @param values copied, in the type that the weight has
   */
  public void replace(Parameter parameter, Tensor values) {
    Tensor tensor = parameter.tensor();
    tensor.set_data(
        Scope.result(() -> Tensors.copy(values.detach(), device, tensor.scalar_type())));
  }

  /** What the architecture knows about the names in its checkpoints. */
  public WeightNames names() {
    return names;
  }

  /** All linear layers of the model. */
  public Collection<Linear> linears() {
    return layers.all();
  }

  /** The linear layer at a path, if there is one. */
  public Optional<Linear> linear(String name) {
    return layers.named(name);
  }

  void register(Linear linear) {
    layers.add(linear);
  }

  void register(LinearGroup group) {
    layers.add(group);
  }

  /** Random numbers on the weights' device. */
  public Generator generator(Seed seed) {
    return Forward.generator(device, seed);
  }

  public ComputeDevice device() {
    return device;
  }

  public Precision precision() {
    return precision;
  }

  /** The type of the model's activations. */
  public ScalarType activations() {
    return precision.activations(device);
  }

  @Override
  public void close() {
    parameters.values().forEach(parameter -> Scope.release(parameter.tensor()));
    parameters.clear();
    layers.close();
    if (mapped != null) {
      mapped.close();
      mapped = null;
    }
    NativeMemory.giveBack();
  }

  private static List<Long> boxed(long[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  private static String asText(long[] shape) {
    return boxed(shape).toString();
  }
}
