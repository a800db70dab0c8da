package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A repository's tokenizer, its settings read but its vocabulary not yet loaded.
 *
 * @param named the class that the files name; empty when they name none
 */
record TokenizerDirectory(
    Path directory,
    List<String> names,
    TokenizerSettings settings,
    Optional<TokenizerClass> named) {

  private static final int MARIAN_LENGTH = 512;

  static TokenizerDirectory read(Path directory) throws IOException {
    List<String> names = TokenizerFiles.in(directory);
    Optional<ModelFilesException> problem = TokenizerFiles.problem(names);
    if (problem.isPresent()) {
      throw problem.get();
    }
    Path config = directory.resolve(ModelConfig.FILE);
    TokenizerSettings settings = TokenizerSettings.read(directory);
    Optional<ModelConfig> model =
        Files.isRegularFile(config) ? Optional.of(ModelConfig.read(config)) : Optional.empty();
    return new TokenizerDirectory(directory, names, settings, TokenizerClass.of(settings, model));
  }

  TextTokenizer open(int maxLength) throws IOException {
    if (names.contains(TokenizerJson.FILE)) {
      return openJson(maxLength);
    }
    if (named.equals(Optional.of(TokenizerClass.OTHER))) {
      throw new ModelFilesException(
          Reason.UNSUPPORTED_CONFIG,
          "the repository has no tokenizer.json, and its tokenizer_class %s is not supported without one"
              .formatted(settings.config().path("tokenizer_class").asString("")));
    }
    TokenizerClass kind =
        named
            .filter(given -> given.canBeMadeOf(names))
            .orElseGet(() -> TokenizerClass.byFiles(names));
    return kind == TokenizerClass.MARIAN ? openMarian(maxLength) : openConverted(kind, maxLength);
  }

  private TextTokenizer openJson(int maxLength) throws IOException {
    TokenizerJson json =
        TokenizerJson.parse(
            TokenizerJson.FILE, TokenizerFiles.text(directory.resolve(TokenizerJson.FILE)));
    settings.addedTokens().values().forEach(json::add);
    settings.specialTokens().values().forEach(json::add);
    settings.extraTokens().orElse(List.of()).forEach(json::add);
    return load(json, roles(named.orElse(TokenizerClass.GENERIC)), maxLength);
  }

  private TextTokenizer openConverted(TokenizerClass kind, int maxLength) throws IOException {
    Map<String, AddedToken> roles = roles(kind);
    Conversion converted =
        switch (kind) {
          case BERT, MPNET -> VocabularyFiles.wordPieces(directory, settings, roles);
          case ROBERTA, GPT2, GPT_NEOX, QWEN2 ->
              VocabularyFiles.bytePairs(directory, kind, settings);
          case T5, XLM_ROBERTA, CAMEMBERT, DEBERTA_V2, LLAMA, GEMMA, GENERIC, MARIAN, OTHER ->
              SentencePieceConversion.convert(
                  directory.resolve(TokenizerFiles.sentencePieces(names).orElseThrow()),
                  kind,
                  settings,
                  roles);
        };
    TokenizerJson json = converted.json();
    addedTokens(roles, settings.extraTokens().orElse(converted.extraTokens())).forEach(json::add);
    json.put("post_processor", PostProcessing.of(kind, json, settings, roles));
    return load(json, roles, maxLength);
  }

  private TextTokenizer openMarian(int maxLength) throws IOException {
    Map<String, AddedToken> roles = roles(TokenizerClass.MARIAN);
    MarianBackend backend =
        MarianBackend.open(
            directory,
            addedTokens(roles, settings.extraTokens().orElse(List.of())),
            roles,
            settings.flag("separate_vocabs", false));
    CleanUp cleanUp = new CleanUp(settings.flag("clean_up_tokenization_spaces", false), true);
    return new TextTokenizer(
        backend,
        ids(roles, backend.vocabulary()),
        settings.truncationSide(),
        cleanUp,
        Math.min(maxLength, settings.maxLength(MARIAN_LENGTH)));
  }

  private TextTokenizer load(TokenizerJson json, Map<String, AddedToken> roles, int maxLength) {
    boolean cleanUp =
        settings.flag("clean_up_tokenization_spaces", false)
            && (!json.isBpe()
                || settings.flag(
                    "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output",
                    false));
    TruncationSide side = settings.truncationSide();
    int limit = Math.min(maxLength, settings.maxLength(Integer.MAX_VALUE));
    NativeBackend backend = NativeBackend.load(json);
    return new TextTokenizer(
        backend, ids(roles, backend.vocabulary()), side, new CleanUp(cleanUp, false), limit);
  }

  /** In the order in which they get ids where the vocabulary has none for them. */
  private List<AddedToken> addedTokens(Map<String, AddedToken> roles, List<AddedToken> extra) {
    List<AddedToken> tokens = new ArrayList<>(settings.addedTokens().values());
    TokenizerSettings.ROLES.stream()
        .filter(roles::containsKey)
        .forEach(role -> tokens.add(roles.get(role)));
    tokens.addAll(roles.values());
    tokens.addAll(extra);
    return tokens;
  }

  private Map<String, AddedToken> roles(TokenizerClass kind) {
    Map<String, AddedToken> roles = new LinkedHashMap<>(kind.specialTokens());
    roles.keySet().removeAll(settings.absentRoles());
    roles.putAll(settings.specialTokens());
    if (kind == TokenizerClass.MPNET || kind == TokenizerClass.CAMEMBERT) {
      roles.computeIfPresent("mask", (role, token) -> token.withLstrip());
    }
    return roles;
  }

  private static Map<String, Long> ids(Map<String, AddedToken> roles, Vocabulary vocabulary) {
    Map<String, Long> ids = new HashMap<>();
    roles.forEach(
        (role, token) -> vocabulary.id(token.content()).ifPresent(id -> ids.put(role, id)));
    return ids;
  }
}
