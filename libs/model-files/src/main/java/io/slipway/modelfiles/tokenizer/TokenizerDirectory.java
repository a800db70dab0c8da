package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A repository's tokenizer files, read but not yet loaded. */
record TokenizerDirectory(
    Path directory, TokenizerSettings settings, Optional<TokenizerClass> tokenizerClass) {

  static TokenizerDirectory read(Path directory) throws IOException {
    Path config = directory.resolve(ModelConfig.FILE);
    TokenizerSettings settings = TokenizerSettings.read(directory);
    Optional<ModelConfig> model =
        Files.isRegularFile(config) ? Optional.of(ModelConfig.read(config)) : Optional.empty();
    return new TokenizerDirectory(directory, settings, TokenizerClass.of(settings, model));
  }

  TextTokenizer open(int maxLength) throws IOException {
    var problem = TokenizerFiles.problem(TokenizerFiles.in(directory));
    if (problem.isPresent()) {
      throw problem.get();
    }
    Path file = directory.resolve(TokenizerJson.FILE);
    TokenizerJson json = TokenizerJson.parse(TokenizerJson.FILE, TokenizerFiles.text(file));
    settings.addedTokens().values().forEach(json::add);
    settings.specialTokens().values().forEach(json::add);
    settings.extraTokens().ifPresent(tokens -> tokens.forEach(json::add));
    return tokenizer(json, maxLength);
  }

  private TextTokenizer tokenizer(TokenizerJson json, int maxLength) {
    Map<String, AddedToken> roles = new LinkedHashMap<>();
    tokenizerClass.ifPresent(known -> roles.putAll(known.specialTokens()));
    roles.keySet().removeAll(settings.absentRoles());
    roles.putAll(settings.specialTokens());
    Map<String, Long> ids = new HashMap<>();
    roles.forEach(
        (role, token) -> json.id(token.content()).ifPresent(id -> ids.put(role, (long) id)));
    int limit = Math.min(maxLength, settings.maxLength(Integer.MAX_VALUE));
    TruncationSide side = settings.truncationSide();
    boolean cleanUp =
        settings.flag("clean_up_tokenization_spaces", false)
            && (!json.isBpe()
                || settings.flag(
                    "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output",
                    false));
    return new TextTokenizer(
        NativeBackend.load(json), ids, side, new CleanUp(cleanUp, false), limit);
  }
}
