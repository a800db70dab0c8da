package io.slipway.registry.lineage;

import static io.slipway.imports.testing.PlatformClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.DatasetRegistered;
import io.slipway.events.v1.DeploymentReady;
import io.slipway.events.v1.EvaluationCompleted;
import io.slipway.events.v1.Event;
import io.slipway.events.v1.FineTuneCompleted;
import io.slipway.events.v1.ModelDeleted;
import io.slipway.events.v1.ModelRegistered;
import io.slipway.imports.testing.Platform;
import io.slipway.imports.testing.PlatformClient;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.events.Topics;
import io.slipway.registry.v1.GetLineageRequest;
import io.slipway.registry.v1.ListEventsRequest;
import io.slipway.registry.v1.ListEventsResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineageTests {

  private static final String BASE = "models/acme/base/versions/1";
  private static final String TUNED = "models/acme/tuned/versions/1";
  private static final String DATASET = "datasets/tickets";
  private static final String JOB = "fineTuneJobs/j1";

  private final Platform platform = Platform.shared();
  private final String tenant = "tenant-" + UUID.randomUUID();
  private final PlatformClient client = platform.client(tenant);
  private final KafkaProducer<String, byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", SharedInfrastructure.kafkaBootstrapServers()),
          new StringSerializer(),
          new ByteArraySerializer());
  private long time = 1_800_000_000;

  @AfterEach
  void close() {
    client.close();
    producer.close();
  }

  @Test
  void tellsOfEverythingThatASubjectWasMadeFromAndOfWhatWasDoneWithItself() {
    publishALife();
    awaitEvents(8);

    assertThat(lineage(TUNED))
        .containsExactly(DATASET, BASE, JOB, TUNED, "evaluations/of-tuned", "deployments/d1");
    assertThat(lineage("deployments/d1"))
        .containsExactly(DATASET, BASE, JOB, TUNED, "deployments/d1");
    assertThat(lineage("endpoints/support"))
        .containsExactly(DATASET, BASE, JOB, TUNED, "deployments/d1");
    assertThat(lineage(BASE)).containsExactly(BASE, "evaluations/of-base", "models/acme/base");
    assertThat(lineage("evaluations/of-base"))
        .containsExactly(DATASET, BASE, "evaluations/of-base");
    assertThat(lineage("imports/base")).containsExactly(BASE);
    assertThat(lineage("models/acme/unheard/versions/1")).isEmpty();
    assertThat(refusal(() -> lineage(""))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void keepsOneTenantsEventsFromAnother() {
    publishALife();
    awaitEvents(8);

    try (PlatformClient stranger = platform.client("tenant-" + UUID.randomUUID())) {
      assertThat(
              stranger
                  .lineage
                  .getLineage(GetLineageRequest.newBuilder().setSubject(TUNED).build())
                  .getEventsList())
          .isEmpty();
      assertThat(
              stranger.lineage.listEvents(ListEventsRequest.getDefaultInstance()).getEventsList())
          .isEmpty();
    }
  }

  @Test
  void listsAllEventsOldestFirstPageByPage() {
    publishALife();
    awaitEvents(8);

    List<String> subjects = new ArrayList<>();
    ListEventsResponse page = ListEventsResponse.getDefaultInstance();
    do {
      page =
          client.lineage.listEvents(
              ListEventsRequest.newBuilder()
                  .setPageSize(3)
                  .setPageToken(page.getNextPageToken())
                  .build());
      page.getEventsList().forEach(event -> subjects.add(event.getSubject()));
    } while (!page.getNextPageToken().isEmpty());

    assertThat(subjects)
        .containsExactly(
            DATASET,
            BASE,
            "evaluations/of-base",
            JOB,
            TUNED,
            "evaluations/of-tuned",
            "deployments/d1",
            "models/acme/base");
    assertThat(
            client
                .lineage
                .listEvents(ListEventsRequest.newBuilder().setSubject(JOB).build())
                .getEventsList())
        .singleElement()
        .satisfies(
            event -> assertThat(event.getFineTuneCompleted().getBaseVersion()).isEqualTo(BASE));
  }

  @Test
  void takesInAnEventOnceThatComesTwice() {
    Event event =
        event(DATASET, e -> e.setDatasetRegistered(DatasetRegistered.getDefaultInstance()));
    send(Topics.IMPORT_EVENTS, event);
    send(Topics.IMPORT_EVENTS, event);
    send(
        Topics.IMPORT_EVENTS,
        event(DATASET, e -> e.setDatasetRegistered(DatasetRegistered.getDefaultInstance())));

    awaitEvents(2);
    await().during(Duration.ofSeconds(1)).until(() -> count() == 2);
  }

  @Test
  void goesOnAfterRecordsThatItCannotUnderstand() {
    var unreadable =
        new ProducerRecord<>(
            Topics.IMPORT_EVENTS, DATASET, "not an event".getBytes(StandardCharsets.UTF_8));
    producer.send(unreadable);
    send(Topics.IMPORT_EVENTS, event(DATASET, e -> {}));
    send(Topics.IMPORT_EVENTS, event(DATASET, e -> e.setIgnorable(true)));
    send(
        Topics.IMPORT_EVENTS,
        event(
            "models/no-version", e -> e.setModelRegistered(ModelRegistered.getDefaultInstance())));
    send(
        Topics.IMPORT_EVENTS,
        event(DATASET, e -> e.setDatasetRegistered(DatasetRegistered.getDefaultInstance())));

    awaitEvents(1);
    await().atMost(Duration.ofSeconds(20)).until(() -> deadLetters() >= 3);
  }

  @Test
  void isRebuiltFromTheTopicsByAnotherConsumerGroup() {
    publishALife();
    awaitEvents(8);

    try (Platform rebuilt =
            Platform.start(platform.neighbours, SharedInfrastructure.newDatabase());
        PlatformClient there = rebuilt.client(tenant)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  there.lineage.listEvents(ListEventsRequest.getDefaultInstance()).getEventsCount()
                      == 8);
    }
  }

  private void publishALife() {
    send(
        Topics.IMPORT_EVENTS,
        event(DATASET, e -> e.setDatasetRegistered(DatasetRegistered.getDefaultInstance())));
    send(
        Topics.IMPORT_EVENTS,
        event(
            BASE,
            e ->
                e.setCause("imports/base")
                    .setModelRegistered(ModelRegistered.newBuilder().setModelVersion(BASE))));
    send(
        Topics.EVALUATION_EVENTS,
        event("evaluations/of-base", e -> e.setEvaluationCompleted(evaluation(BASE))));
    send(
        Topics.FINE_TUNE_EVENTS,
        event(
            JOB,
            e ->
                e.setFineTuneCompleted(
                    FineTuneCompleted.newBuilder()
                        .setBaseVersion(BASE)
                        .setDataset(DATASET)
                        .setOutputVersion(TUNED))));
    send(
        Topics.IMPORT_EVENTS,
        event(
            TUNED,
            e ->
                e.setCause("imports/tuned")
                    .setModelRegistered(
                        ModelRegistered.newBuilder()
                            .setModelVersion(TUNED)
                            .setFineTuneJob(JOB)
                            .setBaseVersion(BASE)
                            .setDataset(DATASET))));
    send(
        Topics.EVALUATION_EVENTS,
        event("evaluations/of-tuned", e -> e.setEvaluationCompleted(evaluation(TUNED))));
    send(
        Topics.DEPLOYMENT_EVENTS,
        event(
            "deployments/d1",
            e ->
                e.setDeploymentReady(
                    DeploymentReady.newBuilder()
                        .setEndpoint("endpoints/support")
                        .setModelVersion(TUNED))));
    send(
        Topics.IMPORT_EVENTS,
        event("models/acme/base", e -> e.setModelDeleted(ModelDeleted.getDefaultInstance())));
  }

  private static EvaluationCompleted evaluation(String version) {
    return EvaluationCompleted.newBuilder().setModelVersion(version).setDataset(DATASET).build();
  }

  private Event event(String subject, Consumer<Event.Builder> payload) {
    Event.Builder event =
        Event.newBuilder()
            .setId(UUID.randomUUID().toString())
            .setTime(Timestamp.newBuilder().setSeconds(time++))
            .setTenant(tenant)
            .setSubject(subject)
            .setSubjectVersion(1);
    payload.accept(event);
    return event.build();
  }

  private void send(String topic, Event event) {
    producer.send(new ProducerRecord<>(topic, event.getSubject(), event.toByteArray()));
  }

  private List<String> lineage(String subject) {
    return client
        .lineage
        .getLineage(GetLineageRequest.newBuilder().setSubject(subject).build())
        .getEventsList()
        .stream()
        .map(Event::getSubject)
        .toList();
  }

  private int count() {
    return client.lineage.listEvents(ListEventsRequest.getDefaultInstance()).getEventsCount();
  }

  private void awaitEvents(int expected) {
    await().atMost(Duration.ofSeconds(30)).until(() -> count() == expected);
  }

  private static long deadLetters() {
    try (var consumer =
        new org.apache.kafka.clients.consumer.KafkaConsumer<>(
            Map.of("bootstrap.servers", (Object) SharedInfrastructure.kafkaBootstrapServers()),
            new org.apache.kafka.common.serialization.ByteArrayDeserializer(),
            new org.apache.kafka.common.serialization.ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(Topics.DEAD_LETTERS).stream()
              .map(p -> new org.apache.kafka.common.TopicPartition(p.topic(), p.partition()))
              .toList();
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
