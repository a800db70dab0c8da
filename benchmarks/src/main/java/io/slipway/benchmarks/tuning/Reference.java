package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.training.PreparedBatch;
import io.slipway.benchmarks.tuning.Plan.ReferenceRows;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.FineTuning;
import io.slipway.models.training.settings.TrainingSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The first losses of a training by Python transformers: the same checkpoint, the same rows in
 * their order, no dropout, plain AdamW.
 *
 * @param python a program with torch and transformers
 */
record Reference(String python, int threads) {

  /** Losses may differ by so much of the reference's. */
  static final double TOLERANCE = 1e-3;

  private static final int STEPS = 20;
  private static final int BATCH_SIZE = 16;
  private static final double LEARNING_RATE = 5e-4;
  private static final int SECONDS = 300;
  private static final int CHARACTERS_SHOWN = 500;
  private static final JsonMapper JSON = new JsonMapper();

  /** The worst difference of our losses and theirs, as a part of theirs. */
  <E> double difference(Path checkpoint, Plan<E> plan, ComputeExecutor executor)
      throws IOException, InterruptedException {
    List<E> train = plan.tuning().rows();
    List<E> rows = train.subList(0, Math.min(train.size(), STEPS * BATCH_SIZE));
    List<Double> theirs = theirs(checkpoint, plan.reference(), rows);
    List<Double> ours = ours(checkpoint, plan, rows, executor);
    if (ours.size() != theirs.size()) {
      throw new IOException(
          "%s gave %d losses, expected %d".formatted(python, theirs.size(), ours.size()));
    }
    double worst = 0;
    for (int i = 0; i < ours.size(); i++) {
      worst = Math.max(worst, Math.abs(ours.get(i) - theirs.get(i)) / Math.abs(theirs.get(i)));
    }
    return worst;
  }

  private static <E> List<Double> ours(
      Path checkpoint, Plan<E> plan, List<E> rows, ComputeExecutor executor)
      throws IOException, InterruptedException {
    TrainingSettings settings =
        PreparedBatch.settings(1, LEARNING_RATE).with().batchSize(BATCH_SIZE).settings();
    List<Double> losses = new ArrayList<>();
    try (FineTuning<E> training =
        FineTuning.start(checkpoint, plan.goal(), rows, settings, executor)) {
      // A row may give several examples, so that there are more steps in them.
      while (!training.finished() && losses.size() < STEPS) {
        losses.add(training.step().loss());
      }
    }
    return losses;
  }

  private <E> List<Double> theirs(Path checkpoint, ReferenceRows<E> told, List<E> rows)
      throws IOException, InterruptedException {
    ObjectNode request =
        JSON.createObjectNode()
            .put("checkpoint", checkpoint.toString())
            .put("task", told.task())
            .put("steps", STEPS)
            .put("batch_size", BATCH_SIZE)
            .put("learning_rate", LEARNING_RATE)
            .put("threads", threads);
    told.limits().forEach(request.putObject("limits")::put);
    ArrayNode all = request.putArray("rows");
    rows.forEach(row -> all.add(told.json().apply(row)));
    Path folder = Files.createTempDirectory("slipway-reference");
    try {
      Files.writeString(folder.resolve("request.json"), request.toString());
      List<Double> losses = new ArrayList<>();
      for (JsonNode loss : run(folder)) {
        losses.add(loss.asDouble());
      }
      return losses;
    } finally {
      TrialRun.delete(folder);
    }
  }

  private JsonNode run(Path folder) throws IOException, InterruptedException {
    Path script = folder.resolve("reference.py");
    try (InputStream resource = Reference.class.getResourceAsStream("reference.py")) {
      Files.copy(Objects.requireNonNull(resource), script, StandardCopyOption.REPLACE_EXISTING);
    }
    Path errors = folder.resolve("errors.txt");
    Path answer = folder.resolve("losses.json");
    ProcessBuilder builder =
        new ProcessBuilder(python, script.toString(), folder.resolve("request.json").toString())
            .redirectError(errors.toFile())
            .redirectOutput(answer.toFile());
    builder.environment().put("HF_HUB_OFFLINE", "1");
    builder.environment().put("TOKENIZERS_PARALLELISM", "false");
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      if (!ended || process.exitValue() != 0) {
        String said = Files.readString(errors).strip();
        throw new IOException(
            "%s %s: %s"
                .formatted(
                    python,
                    ended ? "failed" : "took more than " + SECONDS + " s",
                    said.substring(Math.max(0, said.length() - CHARACTERS_SHOWN))));
      }
    } finally {
      process.destroyForcibly();
    }
    return JSON.readTree(Files.readString(answer));
  }
}
