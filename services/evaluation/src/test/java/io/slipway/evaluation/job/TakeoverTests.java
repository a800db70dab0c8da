package io.slipway.evaluation.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.common.v1.JobState;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.evaluation.EvaluationApplication;
import io.slipway.evaluation.EvaluationClient;
import io.slipway.evaluation.Ledger;
import io.slipway.evaluation.RunningService;
import io.slipway.evaluation.neighbours.Neighbours;
import io.slipway.evaluation.v1.CreateEvaluationRequest;
import io.slipway.evaluation.v1.Evaluation;
import io.slipway.evaluation.v1.GetEvaluationRequest;
import io.slipway.process.ChildJvm;
import io.slipway.process.ChildProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakeoverTests {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void measuresAllRowsAnewAndPublishesOneResultAfterAProcessWasKilledInTheMiddle()
      throws IOException {
    try (Neighbours neighbours = new Neighbours();
        Ledger ledger = new Ledger()) {
      neighbours.registry.add(
          "models/acme/tickets/versions/1", "text-classification", "billing", "login");
      neighbours.datasets.add(
          new FileSystemArtifactStore(directory),
          "datasets/tickets",
          "message,topic",
          IntStream.range(0, 100).mapToObj(i -> "billing " + i + ",billing").toList());
      List<String> arguments =
          RunningService.arguments(neighbours, SharedInfrastructure.newDatabase(), directory);
      int port = freePort();
      Evaluation evaluation;
      neighbours.worker.hold();
      try (ChildProcess killed = startChild(arguments, port);
          EvaluationClient client = new EvaluationClient(port)) {
        evaluation = create(client);
        await().atMost(PATIENCE).until(() -> neighbours.worker.waiting.get() == 4);
        killed.kill9();
      }
      neighbours.worker.letGo();

      try (RunningService survivor = RunningService.start(arguments)) {
        await()
            .atMost(PATIENCE)
            .until(() -> get(survivor.client(), evaluation).getStatus().hasEndTime());
        Evaluation done = get(survivor.client(), evaluation);

        assertThat(done.getStatus().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(done.getStatus().getAttempt()).isEqualTo(2);
        assertThat(done.getReport().getRows()).isEqualTo(100);
        await().atMost(PATIENCE).until(() -> ledger.about(done.getName()).size() == 1);
        await().atMost(PATIENCE).until(() -> !neighbours.registry.pins.containsKey(done.getName()));
      }
    }
  }

  private static Evaluation create(EvaluationClient client) {
    return client.call(
        "acme",
        stub ->
            stub.createEvaluation(
                CreateEvaluationRequest.newBuilder()
                    .setEvaluation(
                        Evaluation.newBuilder()
                            .setModelVersion("models/acme/tickets")
                            .setDataset("datasets/tickets")
                            .setColumns(
                                ColumnMapping.newBuilder().setText("message").setLabel("topic")))
                    .build()));
  }

  private static Evaluation get(EvaluationClient client, Evaluation evaluation) {
    return client.call(
        "acme",
        stub ->
            stub.getEvaluation(
                GetEvaluationRequest.newBuilder().setName(evaluation.getName()).build()));
  }

  private ChildProcess startChild(List<String> arguments, int port) {
    return ChildJvm.running(EvaluationApplication.class)
        .jvmArguments("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .arguments(
            arguments.stream()
                .map(a -> a.startsWith("--slipway.grpc.port=") ? "--slipway.grpc.port=" + port : a)
                .toArray(String[]::new))
        .start(directory.resolve("child.log"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
