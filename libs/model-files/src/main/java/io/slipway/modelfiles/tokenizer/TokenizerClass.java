package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelConfig;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reference's tokenizer classes, as far as repositories without a tokenizer.json of their
 * families are supported, with the special tokens that each has unless its files say otherwise.
 */
enum TokenizerClass {
  BERT("unk=[UNK] sep=[SEP] pad=[PAD] cls=[CLS] mask=[MASK]"),
  MPNET("bos=<s> eos=</s> unk=[UNK] sep=</s> pad=<pad> cls=<s> mask=<mask>"),
  ROBERTA("bos=<s> eos=</s> unk=<unk> sep=</s> pad=<pad> cls=<s> mask=<mask>"),
  GPT2("bos=<|endoftext|> eos=<|endoftext|> unk=<|endoftext|>"),
  GPT_NEOX("bos=<|endoftext|> eos=<|endoftext|> unk=<|endoftext|> pad=<|padding|>"),
  QWEN2("eos=<|endoftext|> unk=<|endoftext|> pad=<|endoftext|>"),
  T5("eos=</s> unk=<unk> pad=<pad>"),
  XLM_ROBERTA("bos=<s> eos=</s> unk=<unk> sep=</s> pad=<pad> cls=<s> mask=<mask>"),
  CAMEMBERT("bos=<s> eos=</s> unk=<unk> sep=</s> pad=<pad> cls=<s> mask=<mask>"),
  DEBERTA_V2("bos=[CLS] eos=[SEP] unk=[UNK] sep=[SEP] pad=[PAD] cls=[CLS] mask=[MASK]"),
  LLAMA("bos=<s> eos=</s> unk=<unk>"),
  GEMMA("bos=<bos> eos=<eos> unk=<unk> pad=<pad> mask=<mask>"),
  MARIAN("eos=</s> unk=<unk> pad=<pad>"),
  /** Whatever the files alone say. */
  GENERIC(""),
  /** A class of the reference that is not supported without a tokenizer.json. */
  OTHER("");

  private static final Map<String, TokenizerClass> BY_NAME =
      Map.ofEntries(
          Map.entry("BertTokenizer", BERT),
          Map.entry("DistilBertTokenizer", BERT),
          Map.entry("ElectraTokenizer", BERT),
          Map.entry("MPNetTokenizer", MPNET),
          Map.entry("RobertaTokenizer", ROBERTA),
          Map.entry("BartTokenizer", ROBERTA),
          Map.entry("GPT2Tokenizer", GPT2),
          Map.entry("GPTNeoXTokenizer", GPT_NEOX),
          Map.entry("Qwen2Tokenizer", QWEN2),
          Map.entry("T5Tokenizer", T5),
          Map.entry("XLMRobertaTokenizer", XLM_ROBERTA),
          Map.entry("CamembertTokenizer", CAMEMBERT),
          Map.entry("DebertaV2Tokenizer", DEBERTA_V2),
          Map.entry("LlamaTokenizer", LLAMA),
          Map.entry("GemmaTokenizer", GEMMA),
          Map.entry("MarianTokenizer", MARIAN),
          Map.entry("TokenizersBackend", GENERIC),
          Map.entry("PreTrainedTokenizer", GENERIC));

  private static final Map<String, TokenizerClass> BY_MODEL_TYPE =
      Map.ofEntries(
          Map.entry("bert", BERT),
          Map.entry("distilbert", BERT),
          Map.entry("electra", BERT),
          Map.entry("mpnet", MPNET),
          Map.entry("roberta", ROBERTA),
          Map.entry("bart", ROBERTA),
          Map.entry("gpt2", GPT2),
          Map.entry("olmo", GPT_NEOX),
          Map.entry("qwen2", QWEN2),
          Map.entry("qwen3", QWEN2),
          Map.entry("t5", T5),
          Map.entry("mt5", T5),
          Map.entry("xlm-roberta", XLM_ROBERTA),
          Map.entry("camembert", CAMEMBERT),
          Map.entry("deberta-v2", DEBERTA_V2),
          Map.entry("gemma", GEMMA),
          Map.entry("gemma2", GEMMA),
          Map.entry("marian", MARIAN),
          Map.entry("mistral", GENERIC),
          Map.entry("mixtral", GENERIC),
          Map.entry("phi3", GENERIC),
          Map.entry("olmo2", GENERIC));

  private final Map<String, AddedToken> specialTokens = new LinkedHashMap<>();

  TokenizerClass(String specialTokens) {
    for (String token : specialTokens.isEmpty() ? new String[0] : specialTokens.split(" ")) {
      String[] parts = token.split("=");
      this.specialTokens.put(parts[0], AddedToken.special(parts[1]));
    }
  }

  /** The class that files of these names are most likely for. */
  static TokenizerClass byFiles(Collection<String> names) {
    if (names.contains(TokenizerFiles.SOURCE)) {
      return MARIAN;
    } else if (names.contains(TokenizerFiles.WORD_PIECES)) {
      return BERT;
    } else if (names.contains(TokenizerFiles.MERGES)) {
      return GPT2;
    }
    return switch (TokenizerFiles.sentencePieces(names).orElse("")) {
      case "spiece.model" -> T5;
      case "sentencepiece.bpe.model" -> XLM_ROBERTA;
      case "spm.model" -> DEBERTA_V2;
      default -> GENERIC;
    };
  }

  /** Whether a tokenizer of this class can be made of files with these names. */
  boolean canBeMadeOf(Collection<String> names) {
    return switch (this) {
      case BERT, MPNET -> names.contains(TokenizerFiles.WORD_PIECES);
      case ROBERTA, GPT2, GPT_NEOX, QWEN2 ->
          names.containsAll(List.of(TokenizerFiles.VOCABULARY, TokenizerFiles.MERGES));
      case MARIAN -> names.contains(TokenizerFiles.SOURCE);
      case T5, XLM_ROBERTA, CAMEMBERT, DEBERTA_V2, LLAMA, GEMMA, GENERIC ->
          TokenizerFiles.sentencePieces(names).isPresent();
      case OTHER -> false;
    };
  }

  /** Special tokens by role. */
  Map<String, AddedToken> specialTokens() {
    return specialTokens;
  }

  /**
   * The class that the reference takes: the one that the files name, unless the model's family is
   * known to need another; empty when nothing names any.
   */
  static Optional<TokenizerClass> of(TokenizerSettings settings, Optional<ModelConfig> config) {
    Optional<String> name =
        Optional.ofNullable(settings.config().get("tokenizer_class"))
            .filter(node -> node.isString())
            .map(node -> node.asString())
            .or(() -> config.flatMap(c -> c.string("tokenizer_class")))
            .map(text -> text.endsWith("Fast") ? text.substring(0, text.length() - 4) : text);
    Optional<String> modelType = config.flatMap(c -> c.string("model_type"));
    Optional<TokenizerClass> family = modelType.map(BY_MODEL_TYPE::get);
    boolean overruled =
        family.equals(Optional.of(GENERIC)) || modelType.equals(Optional.of("qwen2"));
    return name.isEmpty() || overruled
        ? family
        : name.map(given -> BY_NAME.getOrDefault(given, OTHER));
  }
}
