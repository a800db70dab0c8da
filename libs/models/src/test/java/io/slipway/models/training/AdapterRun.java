package io.slipway.models.training;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.layers.pass.RowAdapters;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.run.Batch;
import io.slipway.models.training.run.TrainingRun;
import io.slipway.models.training.settings.LoraSettings;
import io.slipway.models.training.settings.Schedule;
import io.slipway.models.training.settings.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Training of an adapter on the whole batch of its case, as the reference does it. */
record AdapterRun(
    AdapterCase reference,
    ComputeExecutor executor,
    LoadedModel<?> model,
    AdapterTraining adapter,
    TrainingRun<AdapterCase> steps)
    implements AutoCloseable {

  static AdapterRun from(AdapterCase reference, ComputeExecutor executor) throws Exception {
    LoraSettings lora = LoraSettings.from(reference.adapter().directory());
    LoadedModel<?> model =
        executor.call(
            () ->
                LoadedModel.forAdapterTraining(
                    Checkpoint.open(reference.base().directory()),
                    reference.head(),
                    ComputeDevice.CPU,
                    reference.labels(),
                    false,
                    new Seed(0),
                    lora.trains(reference.head())));
    AdapterTraining adapter =
        executor.call(
            () -> {
              AdapterTargets targets = AdapterTargets.of(lora, reference.head(), model.weights());
              return AdapterTraining.resume(targets, model, reference.adapter().directory());
            });
    TrainingSettings settings =
        TrainingSettings.defaults()
            .with()
            .epochs(5)
            .batchSize(1)
            .learningRate(1e-3)
            .schedule(Schedule.CONSTANT)
            .weightDecay(0)
            .maxGradientNorm(0)
            .settings();
    Batch batch = new Batch(1, forward -> reference.loss(model, forward));
    return new AdapterRun(
        reference,
        executor,
        model,
        adapter,
        new TrainingRun<>(
            executor,
            adapter.trained(model.weights()),
            examples -> batch,
            List.of(reference),
            reference.toString(),
            settings));
  }

  Set<String> changed() {
    return adapter.changes().keySet();
  }

  double step() throws Exception {
    return steps.step().loss();
  }

  void save(Path folder) throws Exception {
    executor.call(
        () -> {
          adapter.save(folder, model.weights());
          return true;
        });
  }

  List<float[]> outputs() throws Exception {
    return executor.call(
        () ->
            reference.outputs(model, Forward.inference(RowAdapters.all(adapter.adapter()))).stream()
                .map(Tensors::floats)
                .toList());
  }

  @Override
  public void close() {
    steps.close();
    executor.release(adapter::close);
    executor.release(model::close);
  }
}
