package io.slipway.standalone.tour;

import com.google.rpc.Status;
import io.slipway.catalog.v1.HubModel;
import io.slipway.catalog.v1.ListHubModelsResponse;
import io.slipway.catalog.v1.Sync;
import io.slipway.common.v1.JobState;
import io.slipway.common.v1.JobStatus;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.Split;
import io.slipway.dataset.v1.SplitPart;
import io.slipway.deployment.v1.Deployment;
import io.slipway.deployment.v1.Endpoint;
import io.slipway.evaluation.v1.ClassMetrics;
import io.slipway.evaluation.v1.ClassificationReport;
import io.slipway.evaluation.v1.Evaluation;
import io.slipway.events.v1.Event;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.imports.v1.HubSource;
import io.slipway.imports.v1.Import;
import io.slipway.registry.v1.Lineage;
import io.slipway.standalone.cli.Terminal;
import io.slipway.standalone.cli.Terminal.Progress;
import io.slipway.standalone.tour.TourPlan.LabelledFile;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The life of one model, from the hub to an endpoint, step by step. */
final class Tour {

  private static final String API = "/slipway/v1/";
  private static final Duration LINEAGE_PATIENCE = Duration.ofSeconds(30);

  private final SlipwayApi api;
  private final GatewayGrpc grpc;
  private final TourPlan plan;
  private final Terminal terminal;
  private final TourReport report;

  private String baseVersion = "";
  private String tunedVersion = "";
  private String deployment = "";
  private Dataset training = Dataset.getDefaultInstance();
  private Optional<Dataset> heldOut = Optional.empty();
  private Optional<ClassificationReport> before = Optional.empty();
  private FineTuneJob job = FineTuneJob.getDefaultInstance();

  Tour(SlipwayApi api, GatewayGrpc grpc, TourPlan plan, Terminal terminal, TourReport report) {
    this.api = api;
    this.grpc = grpc;
    this.plan = plan;
    this.terminal = terminal;
    this.report = report;
  }

  /** Stops at the first step that does not hold; what comes after needs it. */
  void run() {
    boolean ok =
        step("sync", "Sync the catalogue", this::sync)
            && step("search", "Search it", this::search)
            && step("import", "Import " + plan.modelId(), this::importModel)
            && step("upload", "Upload the data", this::upload)
            && step("evaluate-base", "Evaluate it", this::evaluateBase)
            && step("fine-tune", "Fine-tune it", this::fineTune)
            && step("evaluate-tuned", "Evaluate the result", this::evaluateTuned)
            && step("deploy", "Deploy it", this::deploy)
            && step("call-rest", "Call it over REST", this::callRest)
            && step("call-grpc", "Call it over gRPC", this::callGrpc)
            && step("lineage", "Its lineage, from the events", this::lineage);
    terminal.line("");
    terminal.line(
        ok
            ? "All steps held. Accuracy %.3f before, %.3f after."
                .formatted(report.getAccuracyBefore(), report.getAccuracyAfter())
            : "The tour stopped at the step above.");
  }

  private boolean step(String name, String title, BooleanSupplier work) {
    int number = report.getSteps().size() + 1;
    terminal.line("");
    terminal.line("%d. %s".formatted(number, title));
    long start = System.nanoTime();
    boolean ok = false;
    try {
      ok = work.getAsBoolean();
    } catch (ApiException refusal) {
      terminal.line(
          "   %s %s: %s".formatted(refusal.status(), refusal.code(), refusal.getMessage()));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    report.step(name, Math.round(seconds * 100) / 100.0, ok);
    terminal.line("   %s (%.1f s)".formatted(ok ? "done" : "FAILED", seconds));
    return ok;
  }

  private boolean sync() {
    String owner =
        plan.modelId().contains("/")
            ? plan.modelId().substring(0, plan.modelId().indexOf('/'))
            : plan.modelId();
    Sync started =
        api.post(
            API + "syncs",
            Sync.newBuilder().setSearch(owner).build(),
            Sync.newBuilder(),
            Sync.class);
    try (Progress progress = terminal.progress("   Reading the hub")) {
      Sync ended =
          api.watch(
              API + started.getName() + ":watch",
              Sync::newBuilder,
              Sync.class,
              s -> progress.update(0, 0, s.getModelsSeen() + " models"));
      progress.done(
          "%d models, %d new or changed"
              .formatted(ended.getModelsSeen(), ended.getModelsChanged()));
      return succeeded(ended.getStatus());
    }
  }

  private boolean search() {
    String name = plan.modelId().substring(plan.modelId().indexOf('/') + 1);
    String word = name.split("[-_.]", 2)[0];
    ListHubModelsResponse found =
        api.get(
            API + "hubModels?" + SlipwayApi.query("query", word) + "&pageSize=8",
            ListHubModelsResponse.newBuilder(),
            ListHubModelsResponse.class);
    Table table = new Table("model", "task", "licence", "import", "fine-tune", "why not");
    for (HubModel model : found.getHubModelsList()) {
      table.row(
          model.getId(),
          model.getPipelineTag(),
          model.getLicense(),
          yesNo(model.getVerdict().getImportable()),
          yesNo(model.getVerdict().getFineTunable()),
          model.getVerdict().getReasonsCount() == 0
              ? ""
              : Table.cut(model.getVerdict().getReasons(0), 60));
    }
    table.print(terminal);
    return found.getHubModelsList().stream().anyMatch(m -> m.getId().equals(plan.modelId()));
  }

  private boolean importModel() {
    Import started =
        api.post(
            API + "imports",
            Import.newBuilder().setHub(HubSource.newBuilder().setModelId(plan.modelId())).build(),
            Import.newBuilder(),
            Import.class);
    try (Progress progress = terminal.progress("   " + started.getName())) {
      Import ended =
          api.watch(
              API + started.getName() + ":watch",
              Import::newBuilder,
              Import.class,
              i ->
                  progress.update(
                      i.getProgress().getBytesDone(),
                      i.getProgress().getBytesTotal(),
                      i.getProgress()
                          .getStep()
                          .name()
                          .replace("STEP_", "")
                          .toLowerCase(Locale.ROOT)));
      progress.done(
          succeeded(ended.getStatus())
              ? "%s, %.1f MiB"
                  .formatted(
                      ended.getModelVersion(), ended.getProgress().getBytesTotal() / 1048576.0)
              : "failed");
      baseVersion = ended.getModelVersion();
      return succeeded(ended.getStatus());
    }
  }

  private boolean upload() {
    training = upload(plan.training());
    heldOut = plan.heldOut().map(this::upload);
    return training.getRowCount() > 0;
  }

  private Dataset upload(LabelledFile file) {
    Dataset dataset =
        api.upload(
            API
                + "datasets?"
                + SlipwayApi.query("displayName", file.path().getFileName().toString()),
            file.contentType(),
            file.path(),
            Dataset.newBuilder(),
            Dataset.class);
    terminal.line(
        "   %s: %d rows of %s; text is \"%s\", label is \"%s\""
            .formatted(
                dataset.getName(),
                dataset.getRowCount(),
                String.join(", ", dataset.getColumnsList()),
                file.columns().getText(),
                file.columns().getLabel()));
    return dataset;
  }

  /**
   * A model whose head knows other labels, or that has none, cannot be evaluated yet; the tuned
   * one's start tells then.
   */
  private boolean evaluateBase() {
    try {
      before = evaluate(baseVersion);
      before.ifPresent(r -> report.accuracyBefore(r.getAccuracy()));
      return before.isPresent();
    } catch (ApiException refusal) {
      if (refusal.status() >= 500) {
        throw refusal;
      }
      terminal.line("   Not yet: " + refusal.getMessage());
      return true;
    }
  }

  private boolean evaluateTuned() {
    Optional<ClassificationReport> after = evaluate(tunedVersion);
    if (after.isEmpty()) {
      return false;
    }
    ClassificationReport tuned = after.get();
    report.accuracyAfter(tuned.getAccuracy());
    Table table = new Table("class", "precision", "recall", "F1", "rows");
    for (ClassMetrics c : tuned.getClassesList()) {
      table.row(
          c.getLabel(),
          number(c.getPrecision()),
          number(c.getRecall()),
          number(c.getF1()),
          Long.toString(c.getSupport()));
    }
    table.print(terminal);
    terminal.line(
        "   accuracy %.3f -> %.3f, macro F1 %s -> %.3f, %.0f rows/s, p95 %.1f ms a batch"
            .formatted(
                report.getAccuracyBefore(),
                tuned.getAccuracy(),
                before.map(b -> number(b.getMacroF1())).orElse("-"),
                tuned.getMacroF1(),
                tuned.getLatency().getRowsPerSecond(),
                tuned.getLatency().getP95Ms()));
    return tuned.getAccuracy() >= plan.leastAccuracy();
  }

  private Optional<ClassificationReport> evaluate(String version) {
    Evaluation.Builder evaluation = Evaluation.newBuilder().setModelVersion(version);
    if (heldOut.isPresent()) {
      evaluation
          .setDataset(heldOut.get().getName())
          .setColumns(plan.heldOut().orElseThrow().columns());
    } else {
      evaluation
          .setDataset(training.getName())
          .setColumns(plan.training().columns())
          .setSplitPart(
              SplitPart.newBuilder()
                  .setSplit(Split.getDefaultInstance())
                  .setPart(SplitPart.Part.PART_TEST));
    }
    Evaluation started =
        api.post(
            API + "evaluations", evaluation.build(), Evaluation.newBuilder(), Evaluation.class);
    try (Progress progress = terminal.progress("   " + started.getName())) {
      Evaluation ended =
          api.watch(
              API + started.getName() + ":watch",
              Evaluation::newBuilder,
              Evaluation.class,
              e -> progress.update(e.getRowsDone(), e.getRowsTotal(), e.getRowsDone() + " rows"));
      if (!succeeded(ended.getStatus())) {
        progress.done("failed");
        return Optional.empty();
      }
      progress.done(
          "accuracy %.3f on %d rows"
              .formatted(ended.getReport().getAccuracy(), ended.getReport().getRows()));
      return Optional.of(ended.getReport());
    }
  }

  private boolean fineTune() {
    FineTuneJob started =
        api.post(
            API + "fineTuneJobs",
            FineTuneJob.newBuilder()
                .setBaseVersion(baseVersion)
                .setDataset(training.getName())
                .setColumns(plan.training().columns())
                .setHyperparameters(plan.hyperparameters())
                .setOutputModelId(plan.outputModelId())
                .build(),
            FineTuneJob.newBuilder(),
            FineTuneJob.class);
    try (Progress progress = terminal.progress("   " + started.getName())) {
      job =
          api.watch(
              API + started.getName() + ":watch",
              FineTuneJob::newBuilder,
              FineTuneJob.class,
              j ->
                  progress.update(
                      j.getProgress().getStep(), j.getProgress().getTotalSteps(), live(j)));
      boolean ok = succeeded(job.getStatus());
      progress.done(ok ? job.getOutputVersion() : "failed");
      Table table = new Table("step", "epoch", "train loss", "validation loss", "accuracy");
      for (ValidationPoint point : job.getValidationsList()) {
        table.row(
            Integer.toString(point.getStep()),
            "%.1f".formatted(point.getEpoch()),
            point.getStep() == 0 ? "-" : number(point.getTrainLoss()),
            number(point.getLoss()),
            number(point.getAccuracy()));
      }
      table.print(terminal);
      tunedVersion = job.getOutputVersion();
      if (before.isEmpty() && job.getValidationsCount() > 0) {
        report.accuracyBefore(job.getValidations(0).getAccuracy());
      }
      return ok;
    }
  }

  private static String live(FineTuneJob job) {
    String validation =
        job.getValidationsCount() == 0
            ? ""
            : ", accuracy %.3f"
                .formatted(job.getValidations(job.getValidationsCount() - 1).getAccuracy());
    return "loss %.3f, %.0f rows/s%s"
        .formatted(job.getProgress().getLoss(), job.getProgress().getRowsPerSecond(), validation);
  }

  private boolean deploy() {
    Endpoint endpoint =
        api.post(
            API + "endpoints?endpointId=" + plan.endpointId(),
            Endpoint.newBuilder().setDisplayName("Tour of " + plan.modelId()).build(),
            Endpoint.newBuilder(),
            Endpoint.class);
    Deployment started =
        api.post(
            API + endpoint.getName() + "/deployments",
            Deployment.newBuilder().setModelVersion(tunedVersion).build(),
            Deployment.newBuilder(),
            Deployment.class);
    deployment = started.getName();
    try (Progress progress = terminal.progress("   " + deployment)) {
      Deployment ended =
          api.watch(
              API + deployment + ":watch",
              Deployment::newBuilder,
              Deployment.class,
              d ->
                  progress.update(
                      0, 0, d.getState().name().replace("STATE_", "").toLowerCase(Locale.ROOT)));
      boolean ok = ended.getState() == Deployment.State.STATE_READY;
      progress.done(
          ok
              ? "%d replica ready".formatted(ended.getReadyReplicas())
              : ended.getError().getMessage());
      return ok;
    }
  }

  private boolean callRest() {
    String text = LabelledFiles.sampleText(plan.training());
    String body = JsonMapper.shared().writeValueAsString(java.util.Map.of("inputs", text));
    JsonNode answer = api.postJson("/models/" + plan.endpointId(), body);
    JsonNode best = answer.path(0).path(0);
    terminal.line("   POST /models/" + plan.endpointId());
    terminal.line("   \"%s\"".formatted(Table.cut(text, 90)));
    terminal.line(
        "   -> %s (%.3f)"
            .formatted(best.path("label").asString(""), best.path("score").asDouble(0)));
    return best.has("label");
  }

  private boolean callGrpc() {
    String text = LabelledFiles.sampleText(plan.training());
    var best = grpc.classify("endpoints/" + plan.endpointId(), text);
    terminal.line("   slipway.inference.v1.InferenceService/Predict");
    terminal.line("   -> %s (%.3f)".formatted(best.getLabel(), best.getScore()));
    return !best.getLabel().isEmpty();
  }

  /** Events arrive a moment after what they tell of. */
  private boolean lineage() {
    long end = System.nanoTime() + LINEAGE_PATIENCE.toNanos();
    Lineage lineage;
    do {
      lineage = api.get(API + "lineage/" + tunedVersion, Lineage.newBuilder(), Lineage.class);
    } while (!isWhole(lineage) && System.nanoTime() < end);
    Table table = new Table("time", "event", "subject", "cause");
    for (Event event : lineage.getEventsList()) {
      table.row(
          java.time.Instant.ofEpochSecond(event.getTime().getSeconds()).toString(),
          event.getPayloadCase().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          event.getSubject(),
          event.getCause());
    }
    table.print(terminal);
    return isWhole(lineage);
  }

  private boolean isWhole(Lineage lineage) {
    return has(lineage, baseVersion, Event.PayloadCase.MODEL_REGISTERED)
        && has(lineage, training.getName(), Event.PayloadCase.DATASET_REGISTERED)
        && has(lineage, job.getName(), Event.PayloadCase.FINE_TUNE_COMPLETED)
        && has(lineage, tunedVersion, Event.PayloadCase.MODEL_REGISTERED)
        && has(lineage, deployment, Event.PayloadCase.DEPLOYMENT_READY)
        && lineage.getEventsList().stream().anyMatch(Event::hasEvaluationCompleted);
  }

  private static boolean has(Lineage lineage, String subject, Event.PayloadCase kind) {
    return lineage.getEventsList().stream()
        .anyMatch(e -> e.getSubject().equals(subject) && e.getPayloadCase() == kind);
  }

  private boolean succeeded(JobStatus status) {
    if (status.getState() == JobState.JOB_STATE_SUCCEEDED) {
      return true;
    }
    Status error = status.getError();
    terminal.line("   %s: %s".formatted(status.getState(), error.getMessage()));
    return false;
  }

  private static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }

  private static String number(double value) {
    return "%.3f".formatted(value);
  }
}
