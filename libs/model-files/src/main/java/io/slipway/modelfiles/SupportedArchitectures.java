package io.slipway.modelfiles;

import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.tokenizer.TokenizerFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The architectures that the platform implements: the one list that the catalogue's verdicts, the
 * checks of an import and the engine's registry share. A new architecture gets its lines here and
 * its code in the library {@code models}.
 */
public final class SupportedArchitectures {

  /** Tasks whose requests the platform's workers answer. */
  private static final Set<Task> SERVED = Set.of(Task.TEXT_CLASSIFICATION);

  /** What a model without a head for it is most often tuned for. */
  private static final List<Task> TUNED_FIRST =
      List.of(Task.TEXT_CLASSIFICATION, Task.IMAGE_CLASSIFICATION, Task.SUMMARIZATION);

  private static final Set<Task> ENCODER_TUNES =
      Set.of(Task.TEXT_CLASSIFICATION, Task.TOKEN_CLASSIFICATION, Task.QUESTION_ANSWERING);

  private static final Set<Task> VISION_TUNES = Set.of(Task.IMAGE_CLASSIFICATION);
  private static final Set<Task> SEQ2SEQ_TUNES = Set.of(Task.SUMMARIZATION, Task.TRANSLATION);

  private static final List<ArchitectureSupport> ALL =
      Stream.of(
              encoder("bert", "Bert"),
              Stream.of(entry("bert", "BertForPreTraining", Task.FILL_MASK, ENCODER_TUNES)),
              encoder("distilbert", "DistilBert"),
              encoder("roberta", "Roberta"),
              encoder("xlm-roberta", "XLMRoberta"),
              encoder("camembert", "Camembert"),
              encoder("electra", "Electra"),
              Stream.of(base("electra", "ElectraForPreTraining", ENCODER_TUNES)),
              encoder("deberta-v2", "DebertaV2"),
              encoder("mpnet", "MPNet"),
              vision("vit", "ViT"),
              vision("resnet", "ResNet"),
              decoder("falcon", "FalconForCausalLM"),
              decoder("gemma", "GemmaForCausalLM"),
              decoder("gemma2", "Gemma2ForCausalLM"),
              decoder("gpt2", "GPT2LMHeadModel"),
              decoder("llama", "LlamaForCausalLM"),
              decoder("mistral", "MistralForCausalLM"),
              decoder("mixtral", "MixtralForCausalLM"),
              decoder("olmo", "OlmoForCausalLM"),
              decoder("olmo2", "Olmo2ForCausalLM"),
              decoder("phi3", "Phi3ForCausalLM"),
              decoder("qwen2", "Qwen2ForCausalLM"),
              decoder("qwen3", "Qwen3ForCausalLM"),
              encoderDecoders())
          .flatMap(Function.identity())
          .toList();

  private SupportedArchitectures() {}

  private static Stream<ArchitectureSupport> encoder(String modelType, String prefix) {
    return Stream.of(
        entry(modelType, prefix + "Model", Task.FEATURE_EXTRACTION, ENCODER_TUNES),
        entry(modelType, prefix + "ForMaskedLM", Task.FILL_MASK, ENCODER_TUNES),
        entry(
            modelType,
            prefix + "ForSequenceClassification",
            Task.TEXT_CLASSIFICATION,
            ENCODER_TUNES),
        entry(
            modelType, prefix + "ForTokenClassification", Task.TOKEN_CLASSIFICATION, ENCODER_TUNES),
        entry(modelType, prefix + "ForQuestionAnswering", Task.QUESTION_ANSWERING, ENCODER_TUNES));
  }

  private static Stream<ArchitectureSupport> vision(String modelType, String prefix) {
    return Stream.of(
        base(modelType, prefix + "Model", VISION_TUNES),
        entry(
            modelType, prefix + "ForImageClassification", Task.IMAGE_CLASSIFICATION, VISION_TUNES));
  }

  /** A class without a head that answers anything. */
  private static ArchitectureSupport base(String modelType, String architecture, Set<Task> tunes) {
    return new ArchitectureSupport(modelType, architecture, Optional.empty(), tunes);
  }

  private static Stream<ArchitectureSupport> decoder(String modelType, String architecture) {
    return Stream.of(
        entry(modelType, architecture, Task.TEXT_GENERATION, Set.of(Task.TEXT_GENERATION)));
  }

  private static Stream<ArchitectureSupport> encoderDecoders() {
    return Stream.of(
        entry("t5", "T5ForConditionalGeneration", Task.SUMMARIZATION, SEQ2SEQ_TUNES),
        entry("t5", "T5WithLMHeadModel", Task.SUMMARIZATION, SEQ2SEQ_TUNES),
        entry("t5", "T5EncoderModel", Task.FEATURE_EXTRACTION, Set.of()),
        new ArchitectureSupport("t5", "T5Model", Optional.empty(), SEQ2SEQ_TUNES),
        entry("bart", "BartForConditionalGeneration", Task.SUMMARIZATION, SEQ2SEQ_TUNES),
        entry(
            "bart",
            "BartForSequenceClassification",
            Task.TEXT_CLASSIFICATION,
            Set.of(Task.TEXT_CLASSIFICATION)),
        new ArchitectureSupport(
            "bart",
            "BartModel",
            Optional.empty(),
            Set.of(Task.SUMMARIZATION, Task.TRANSLATION, Task.TEXT_CLASSIFICATION)),
        entry("marian", "MarianMTModel", Task.TRANSLATION, SEQ2SEQ_TUNES),
        new ArchitectureSupport("marian", "MarianModel", Optional.empty(), SEQ2SEQ_TUNES));
  }

  private static ArchitectureSupport entry(
      String modelType, String architecture, Task task, Set<Task> tunes) {
    return new ArchitectureSupport(modelType, architecture, Optional.of(task), tunes);
  }

  public static List<ArchitectureSupport> all() {
    return ALL;
  }

  /**
   * The entry for a configuration.
   *
   * @throws ModelFilesException UNSUPPORTED_ARCHITECTURE, naming it and what is supported
   */
  public static ArchitectureSupport require(ModelConfig config) {
    return require(config.modelType(), config.architectures());
  }

  static ArchitectureSupport require(String modelType, String architecture) {
    return require(modelType, List.of(architecture));
  }

  private static ArchitectureSupport require(String modelType, List<String> architectures) {
    return find(modelType, architectures)
        .orElseThrow(
            () ->
                new ModelFilesException(
                    Reason.UNSUPPORTED_ARCHITECTURE, unsupported(modelType, architectures)));
  }

  /**
   * What can be done with a model on a hub, judged by its listing alone; importing it looks closer.
   */
  public static Verdict assess(ListedModel listed) {
    List<String> reasons = new ArrayList<>();
    Optional<ArchitectureSupport> support = Optional.empty();
    if (listed.modelType() == null || listed.architectures().isEmpty()) {
      reasons.add("The hub's listing does not say which architecture it is.");
    } else {
      support = find(Objects.requireNonNull(listed.modelType()), listed.architectures());
      if (support.isEmpty()) {
        reasons.add(sentence(unsupported(listed.modelType(), listed.architectures())));
      }
    }
    boolean readsText = support.map(ArchitectureSupport::readsText).orElse(true);
    boolean loadable = checkFiles(listed, readsText, reasons);
    if (support.isEmpty() || !loadable) {
      return Verdict.refused(reasons);
    }
    if (listed.gated()) {
      reasons.add(
          "It is gated: importing it needs a hub token whose owner has accepted its terms.");
    }
    return verdict(support.get(), reasons);
  }

  /** What can be done with a checkpoint whose files are all in order. */
  static Verdict verdict(ArchitectureSupport support, List<String> notes) {
    List<String> reasons = new ArrayList<>(notes);
    Optional<Task> served = support.serves().filter(SERVED::contains);
    Optional<Task> tuned = tuned(support);
    if (served.isEmpty()) {
      reasons.add(
          "%s has no head that is served here%s."
              .formatted(
                  support.architecture(),
                  support.tunes().stream()
                      .filter(SERVED::contains)
                      .sorted()
                      .findFirst()
                      .map(task -> ": fine-tune it first, for " + task.pipelineTag())
                      .orElse("")));
    }
    return new Verdict(
        true, tuned.isPresent(), served.isPresent(), served.or(() -> tuned), reasons);
  }

  /** Trainers tune for whatever the engine does; what a model is for already comes first. */
  private static Optional<Task> tuned(ArchitectureSupport support) {
    return support
        .serves()
        .filter(support.tunes()::contains)
        .or(() -> TUNED_FIRST.stream().filter(support.tunes()::contains).findFirst());
  }

  private static boolean checkFiles(ListedModel listed, boolean readsText, List<String> reasons) {
    if (listed.fileNames().isEmpty()) {
      boolean safetensors = listed.tags().contains("safetensors");
      if (!safetensors) {
        reasons.add("It is not tagged safetensors, and pickled weights are never opened.");
      }
      return safetensors;
    }
    Optional<ModelFilesException> weights = WeightFiles.problem(listed.fileNames());
    weights.ifPresent(problem -> reasons.add(sentence(problem.getMessage())));
    Optional<ModelFilesException> tokenizer =
        readsText ? TokenizerFiles.problem(listed.fileNames()) : Optional.empty();
    tokenizer.ifPresent(problem -> reasons.add(sentence(problem.getMessage())));
    return weights.isEmpty() && tokenizer.isEmpty();
  }

  private static Optional<ArchitectureSupport> find(String modelType, List<String> architectures) {
    return ALL.stream()
        .filter(entry -> entry.modelType().equals(modelType))
        .filter(entry -> architectures.contains(entry.architecture()))
        .findFirst();
  }

  private static String unsupported(String modelType, List<String> architectures) {
    return "the architecture %s (model_type %s) is not supported; supported: %s"
        .formatted(
            String.join(", ", architectures),
            modelType,
            ALL.stream().map(ArchitectureSupport::architecture).collect(Collectors.joining(", ")));
  }

  private static String sentence(String message) {
    return Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
  }
}
