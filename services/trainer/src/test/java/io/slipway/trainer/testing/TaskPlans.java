package io.slipway.trainer.testing;

import io.slipway.common.v1.ArtifactFile;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.finetune.v1.TrainingPlan;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Plans for each task, on tiny checkpoints with random weights and rows that can be learned. */
public final class TaskPlans {

  private static final int ROWS = 50;
  private static final List<String> FILLER =
      List.of("please", "help", "my", "the", "is", "late", "again", "since", "slow", "broken");
  private static final List<String> DAYS = List.of("today", "monday");

  /** Ends each message with a token of the tokenizer's own. */
  private static final String CHAT_TEMPLATE =
      "{% for m in messages %}{{ m['role'] + ' : ' + m['content'] + ' [SEP] ' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ 'assistant : ' }}{% endif %}";

  private final TrainerSurroundings surroundings;
  private final int epochs;

  public TaskPlans(TrainerSurroundings surroundings, int epochs) {
    this.surroundings = surroundings;
    this.epochs = epochs;
  }

  /** Of an encoder. */
  public TrainingPlan.Builder tokenClassification() {
    return plan("token-classification", "token-classification")
        .setDatasetSha256(surroundings.dataset(taggedWords()))
        .setColumns(ColumnMapping.newBuilder().setTokens("tokens").setTags("tags"))
        .addAllLabels(List.of("B-DAY", "O"));
  }

  /** Of an encoder: the answer is the day. */
  public TrainingPlan.Builder questionAnswering() {
    TrainingPlan.Builder plan =
        plan("question-answering", "question-answering")
            .setDatasetSha256(
                rows(
                    random -> {
                      List<String> words = words(random);
                      String day = words.stream().filter(DAYS::contains).findFirst().orElseThrow();
                      String context = String.join(" ", words);
                      return """
                             {"question": "please ?", "context": "%s", "answers": {"text": ["%s"], "answer_start": [%d]}}"""
                          .formatted(context, day, context.indexOf(day));
                    }))
            .setColumns(
                ColumnMapping.newBuilder()
                    .setQuestion("question")
                    .setContext("context")
                    .setAnswers("answers"));
    plan.getHyperparametersBuilder().setDocStride(4).setMaxAnswerLength(4);
    return plan;
  }

  /** Of an encoder-decoder: the day alone is to be kept. */
  public TrainingPlan.Builder summarization() {
    TrainingPlan.Builder plan =
        plan("summarization", "text-to-text")
            .setDatasetSha256(
                rows(
                    random -> {
                      List<String> words = words(random);
                      return "{\"text\": \"%s\", \"target\": \"the %s\"}"
                          .formatted(
                              String.join(" ", words),
                              words.stream().filter(DAYS::contains).findFirst().orElseThrow());
                    }))
            .setColumns(ColumnMapping.newBuilder().setText("text").setTarget("target"));
    plan.getHyperparametersBuilder().setMaxTargetLength(8).setSourcePrefix("help : ");
    return plan;
  }

  /** Of a decoder: plain texts. */
  public TrainingPlan.Builder textGeneration() {
    return plan("text-generation", "text-generation")
        .setDatasetSha256(
            rows(random -> "{\"text\": \"%s\"}".formatted(String.join(" ", words(random)))))
        .setColumns(ColumnMapping.newBuilder().setText("text"));
  }

  /** Of a decoder with a chat template: what the assistant says is always the same. */
  public TrainingPlan.Builder conversations() {
    ArtifactFile template = surroundings.text("chat_template.jinja", CHAT_TEMPLATE).toProto();
    return plan("text-generation", "text-generation")
        .addBaseFiles(template)
        .setDatasetSha256(
            rows(
                random ->
                    """
                    {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "thanks"}]}"""
                        .formatted(String.join(" ", words(random)))))
        .setColumns(ColumnMapping.newBuilder().setMessages("messages"));
  }

  /** Of a vision transformer: red and blue images. */
  public TrainingPlan.Builder imageClassification() {
    return plan("image-classification", "image-classification")
        .setDatasetSha256(
            rows(
                random -> {
                  boolean red = random.nextBoolean();
                  return "{\"image\": \"%s\", \"label\": \"%s\"}"
                      .formatted(
                          Base64.getEncoder().encodeToString(png(random, red)),
                          red ? "red" : "blue");
                }))
        .setColumns(ColumnMapping.newBuilder().setImage("image").setLabel("label"))
        .addAllLabels(List.of("blue", "red"));
  }

  /** Of a bare encoder: messages about money are worth 1.5, others nothing. */
  public TrainingPlan.Builder regression() {
    TrainingPlan.Builder plan =
        surroundings
            .plan(epochs)
            .setProblemType("regression")
            .setDatasetSha256(
                surroundings.dataset(
                    TinyBert.dataset(TrainerSurroundings.ROWS)
                        .replace(",money", ",1.5")
                        .replace(",parcel", ",0")))
            .clearLabels()
            .addLabels("label");
    plan.getHyperparametersBuilder().setMetricForBestModel("loss");
    return plan;
  }

  private TrainingPlan.Builder plan(String task, String checkpoint) {
    TrainingPlan.Builder plan =
        surroundings
            .plan(epochs)
            .setTask(task)
            .clearBaseFiles()
            .addAllBaseFiles(base(checkpoint))
            .setDatasetFormat(DatasetFormat.DATASET_FORMAT_JSONL)
            .clearLabels();
    plan.getHyperparametersBuilder().setMaxLength(32).setMetricForBestModel("loss");
    return plan;
  }

  private List<ArtifactFile> base(String checkpoint) {
    return surroundings.stored(checkpoint(checkpoint));
  }

  /** The files of a checkpoint, by the name of what it is for. */
  public static List<Path> checkpoint(String name) {
    URL config =
        Objects.requireNonNull(
            TaskPlans.class.getResource("/goldens/task-training/" + name + "/config.json"), name);
    try (Stream<Path> files =
        Files.list(Objects.requireNonNull(Path.of(config.toURI()).getParent()))) {
      return files.filter(file -> !file.endsWith("golden.json")).toList();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSONL of words and tags: {@code today} and {@code monday} are days, all else is outside. */
  public static String taggedWords() {
    return jsonl(
        random -> {
          List<String> words = words(random);
          String tags =
              words.stream()
                  .map(word -> DAYS.contains(word) ? "\"B-DAY\"" : "\"O\"")
                  .collect(Collectors.joining(", ", "[", "]"));
          return "{\"tokens\": %s, \"tags\": %s}".formatted(quoted(words), tags);
        });
  }

  /** Stores rows in JSONL and gives their digest. */
  private String rows(Function<Random, String> row) {
    return surroundings.dataset(jsonl(row));
  }

  private static String jsonl(Function<Random, String> row) {
    Random random = new Random(5);
    return Stream.generate(() -> row.apply(random)).limit(ROWS).collect(Collectors.joining("\n"));
  }

  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> "\"" + word + "\"")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Noise that is mostly red or mostly blue. */
  public static byte[] png(Random random, boolean red) {
    BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        int strong = 128 + random.nextInt(128);
        int weak = random.nextInt(64);
        image.setRGB(x, y, red ? (strong << 16) | weak : (weak << 16) | strong);
      }
    }
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static List<String> words(Random random) {
    List<String> words =
        new ArrayList<>(random.ints(5, 0, FILLER.size()).mapToObj(FILLER::get).toList());
    words.add(random.nextInt(words.size() + 1), DAYS.get(random.nextInt(DAYS.size())));
    return words;
  }
}
