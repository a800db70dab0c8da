package io.slipway.standalone.tour;

import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.standalone.cli.DataDirectoryOption;
import io.slipway.standalone.cli.Terminal;
import io.slipway.standalone.platform.ApiKeys;
import io.slipway.standalone.platform.DataDirectory;
import io.slipway.standalone.platform.PlatformException;
import io.slipway.standalone.platform.PlatformLauncher;
import io.slipway.standalone.platform.PlatformOptions;
import io.slipway.standalone.platform.PlatformState;
import io.slipway.standalone.starterhub.StarterHub;
import io.slipway.standalone.starterhub.SupportMessages;
import io.slipway.standalone.tour.TourPlan.LabelledFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Takes one model through its whole life, and shows it. */
@Command(
    name = "tour",
    mixinStandardHelpOptions = true,
    description =
        "Takes a model through its whole life: catalogue, import, evaluation, fine-tuning, deployment, inference."
            + " Starts the platform if it does not run.")
public final class TourCommand implements Callable<Integer> {

  /** Found by trying: higher rates are faster on so small a model and still stable. */
  private static final Hyperparameters STARTER =
      Hyperparameters.newBuilder()
          .setEpochs(4)
          .setBatchSize(32)
          .setLearningRate(1e-3)
          .setMaxLength(64)
          .build();

  private static final double STARTER_ACCURACY = 0.9;

  @Mixin private DataDirectoryOption dataDirectory = new DataDirectoryOption();
  @Mixin private PlatformOptions options = new PlatformOptions();

  @Option(
      names = "--model",
      paramLabel = "<id>",
      description = "A model of the hub. Default: the starter hub's.")
  private @Nullable String model;

  @Option(
      names = "--data",
      paramLabel = "<file>",
      description =
          "A labelled .jsonl, .csv or .tsv to tune and evaluate on. Default: generated support messages.")
  private @Nullable Path file;

  @Option(
      names = "--text-column",
      paramLabel = "<name>",
      description = "Column of the text; guessed when left out.")
  private @Nullable String textColumn;

  @Option(
      names = "--label-column",
      paramLabel = "<name>",
      description = "Column of the label; guessed when left out.")
  private @Nullable String labelColumn;

  @Option(
      names = "--epochs",
      paramLabel = "<count>",
      description = "Passes over the data. Default: 4 on the starter model, else 3.")
  private int epochs;

  @Option(
      names = "--learning-rate",
      paramLabel = "<rate>",
      description = "Default: 1e-3 on the starter model, else 5e-5.")
  private double learningRate;

  @Option(
      names = "--gateway",
      paramLabel = "<url>",
      description =
          "A platform that runs elsewhere, such as http://localhost:8080; needs --grpc and SLIPWAY_API_KEY.")
  private @Nullable URI gateway;

  @Option(
      names = "--grpc",
      paramLabel = "<host:port>",
      description = "The gRPC address of --gateway.")
  private @Nullable String grpcTarget;

  @Option(names = "--json", description = "Print one JSON object at the end and nothing else.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ByteArrayOutputStream untold = new ByteArrayOutputStream();
    Terminal terminal =
        json
            ? new Terminal(new PrintStream(untold, true, StandardCharsets.UTF_8), false)
            : Terminal.system();
    DataDirectory data = dataDirectory.open();
    TourReport report = new TourReport();
    Access access = access(data, terminal, report);
    try (GatewayGrpc grpc = new GatewayGrpc(access.grpc(), access.apiKey())) {
      new Tour(
              new SlipwayApi(access.gateway(), access.apiKey()), grpc, plan(data), terminal, report)
          .run();
    }
    if (json) {
      if (!report.ok()) {
        System.err.write(untold.toByteArray());
        System.err.flush();
      }
      System.out.println(JsonMapper.shared().writeValueAsString(report));
    }
    return report.ok() ? 0 : 1;
  }

  private Access access(DataDirectory data, Terminal terminal, TourReport report) {
    if (gateway != null) {
      String key = System.getenv("SLIPWAY_API_KEY");
      if (key == null || grpcTarget == null) {
        throw new PlatformException(
            "With --gateway, give --grpc <host:port> and the variable SLIPWAY_API_KEY too.");
      }
      return new Access(gateway, grpcTarget, key);
    }
    try (var progress = terminal.progress("Platform")) {
      PlatformState state =
          new PlatformLauncher(data)
              .ensureReady(options, s -> progress.update(s.done(), s.steps(), s.step()));
      progress.done(
          "%s, was ready after %.1f s, %d MiB resident then"
              .formatted(state.gateway(), state.readySeconds(), state.residentMiB()));
      report.platform(state.readySeconds(), state.residentMiB());
      return new Access(URI.create(state.gateway()), state.grpc(), ApiKeys.of(data));
    }
  }

  private TourPlan plan(DataDirectory data) throws IOException {
    boolean starter = model == null && file == null;
    if (!starter && (model == null || file == null)) {
      throw new PlatformException("Give --model and --data together, or neither.");
    }
    // A name of its own for each tour, so that a second tour does not meet the first one's
    // endpoint.
    String run = Long.toString(System.currentTimeMillis(), 36);
    if (model != null && file != null) {
      return new TourPlan(
          model,
          LabelledFiles.of(file, textColumn, labelColumn),
          Optional.empty(),
          tuned(Hyperparameters.getDefaultInstance()),
          "tour/" + model.substring(model.indexOf('/') + 1),
          "tour-" + run,
          0);
    }
    Files.createDirectories(data.tour());
    Path training = data.tour().resolve("support-messages.csv");
    Path heldOut = data.tour().resolve("support-messages-held-out.jsonl");
    SupportMessages messages = SupportMessages.generate(StarterHub.SEED);
    messages.writeTrainingCsv(training);
    messages.writeHeldOutJsonl(heldOut);
    return new TourPlan(
        StarterHub.MODEL,
        new LabelledFile(
            training,
            "text/csv",
            ColumnMapping.newBuilder()
                .setText(SupportMessages.TRAINING_TEXT)
                .setLabel(SupportMessages.TRAINING_LABEL)
                .build()),
        Optional.of(
            new LabelledFile(
                heldOut,
                "application/x-ndjson",
                ColumnMapping.newBuilder()
                    .setText(SupportMessages.HELD_OUT_TEXT)
                    .setLabel(SupportMessages.HELD_OUT_LABEL)
                    .build())),
        tuned(STARTER),
        "tour/support-router",
        "tour-" + run,
        STARTER_ACCURACY);
  }

  private Hyperparameters tuned(Hyperparameters defaults) {
    Hyperparameters.Builder chosen = defaults.toBuilder();
    if (epochs != 0) {
      chosen.setEpochs(epochs);
    }
    if (learningRate != 0) {
      chosen.setLearningRate(learningRate);
    }
    return chosen.build();
  }

  private record Access(URI gateway, String grpc, String apiKey) {}
}
