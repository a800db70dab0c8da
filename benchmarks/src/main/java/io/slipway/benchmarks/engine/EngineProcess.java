package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Our side of the benchmark: a process of its own, so that its peak memory is its work's. Reads one
 * {@link Measurement} a line and answers each with {@code {"ms": ..., "least_ms": ...}}, {@code
 * {"mib": ...}} or {@code {"error": ...}}; ends with its input.
 */
final class EngineProcess {

  /** Of random tokens: below are special ones in many vocabularies. */
  private static final int FIRST_TOKEN = 5;

  /** In place of a section: the machine itself is measured. */
  static final String MACHINE = "machine";

  /** It begins small, as a worker's does, and grows where it has to. */
  private static final List<String> HEAP = List.of("-Xms16m", "-Xmx512m");

  private EngineProcess() {}

  /** What starts such a process, with the same JDK and classes as this one. */
  static List<String> command(
      String section, Weights weights, Path models, String device, int threads) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(HEAP);
    Collections.addAll(
        command,
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "--add-modules=jdk.incubator.vector",
        "-Dslf4j.internal.verbosity=ERROR",
        "-cp",
        System.getProperty("java.class.path"),
        EngineProcess.class.getName(),
        section,
        weights.name(),
        models.toString(),
        device,
        Integer.toString(threads));
    return command;
  }

  /**
   * Arguments: a section or {@code machine}, the weights' type, the folder of models, the device,
   * threads.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (ComputeExecutor executor =
            new ComputeExecutor(ComputeDevice.parse(args[3]), Integer.parseInt(args[4]));
        EngineWork work = work(args, executor);
        BufferedReader requests =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        System.out.println(answer(Measurement.parse(line), work));
      }
    }
  }

  private static EngineWork work(String[] args, ComputeExecutor executor) {
    if (args[0].equals(MACHINE)) {
      return new MachineWork(executor);
    }
    Section section = Section.valueOf(args[0]);
    Weights weights = Weights.valueOf(args[1]);
    return work(section, executor, Path.of(args[2]).resolve(section.model()), weights);
  }

  /** The work of a section. */
  static EngineWork work(Section section, ComputeExecutor executor, Path model, Weights weights) {
    return switch (section) {
      case ENCODER -> new EncoderWork(executor, model, weights);
      case DECODER -> new DecoderWork(executor, model, weights);
      case TRAINING -> new TrainingWork(executor, model, weights);
    };
  }

  private static ObjectNode answer(Measurement measurement, EngineWork work)
      throws InterruptedException {
    ObjectNode answer = new JsonMapper().createObjectNode();
    try {
      if (measurement.work() == Work.PEAK_MEMORY) {
        return answer.put("mib", PeakMemory.ofThisProcess());
      }
      try (Timing.Call call = work.prepare(measurement)) {
        Timing timing = Timing.of(measurement, call);
        return answer.put("ms", timing.medianMillis()).put("least_ms", timing.leastMillis());
      }
    } catch (IOException | RuntimeException e) {
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      return answer.put("error", message.lines().findFirst().orElse(""));
    }
  }

  /** Token ids, the same in each run. */
  static LongStream tokens(long count, int vocabulary) {
    return new Random(0).longs(count, Math.min(FIRST_TOKEN, vocabulary - 1), vocabulary);
  }
}
