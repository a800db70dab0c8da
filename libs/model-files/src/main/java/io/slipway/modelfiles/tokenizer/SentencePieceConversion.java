package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.tokenizer.sentencepiece.Piece;
import io.slipway.modelfiles.tokenizer.sentencepiece.SentencePieceModel;
import io.slipway.modelfiles.tokenizer.sentencepiece.TrainerSpec;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokenizers from a SentencePiece model, each family in the way of its own class in the reference:
 * the same file means another tokenizer to T5 than to XLM-RoBERTa.
 */
final class SentencePieceConversion {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String SPACE = "\u2581";

  private final String source;
  private final SentencePieceModel model;
  private final TokenizerClass kind;
  private final TokenizerSettings settings;
  private final Map<String, AddedToken> roles;

  private SentencePieceConversion(
      String source,
      SentencePieceModel model,
      TokenizerClass kind,
      TokenizerSettings settings,
      Map<String, AddedToken> roles) {
    this.source = source;
    this.model = model;
    this.kind = kind;
    this.settings = settings;
    this.roles = roles;
  }

  /**
   * @param roles special tokens by role; those that only the model knows are put in
   */
  static Conversion convert(
      Path file, TokenizerClass kind, TokenizerSettings settings, Map<String, AddedToken> roles)
      throws IOException {
    SentencePieceModel model = read(file);
    return new SentencePieceConversion(file.getFileName().toString(), model, kind, settings, roles)
        .convert();
  }

  static SentencePieceModel read(Path file) throws IOException {
    try {
      return SentencePieceModel.parse(TokenizerFiles.bytes(file));
    } catch (IllegalArgumentException e) {
      throw TokenizerFiles.malformed(file, "is no SentencePiece model: " + e.getMessage(), e);
    }
  }

  private Conversion convert() {
    ObjectNode frame = JSON.createObjectNode();
    String text =
        switch (kind) {
          case T5 -> {
            unigramFrame(frame, true);
            yield unigram(t5Pieces(), 2, false);
          }
          case XLM_ROBERTA -> {
            unigramFrame(frame, settings.flag("add_prefix_space", true));
            yield unigram(xlmRobertaPieces(), 3, false);
          }
          case CAMEMBERT -> {
            unigramFrame(frame, settings.flag("add_prefix_space", true));
            yield unigram(camembertPieces(), 3, false);
          }
          case DEBERTA_V2 -> {
            debertaFrame(frame);
            yield unigram(model.pieces(), debertaUnknown(), false);
          }
          case LLAMA -> {
            llamaFrame(frame);
            yield bytePairs(Optional.empty(), true);
          }
          case GEMMA -> {
            gemmaFrame(frame);
            yield bytePairs(Optional.of(role("unk")), true);
          }
          default -> {
            genericFrame(frame);
            genericRoles();
            boolean bytes = model.trainer().byteFallback();
            yield model.trainer().unigram()
                ? unigram(model.pieces(), model.trainer().unkId(), bytes)
                : bytePairs(Optional.of(model.trainer().unkPiece()), bytes);
          }
        };
    return new Conversion(TokenizerJson.of(source, frame, text), extraTokens());
  }

  private List<AddedToken> extraTokens() {
    List<AddedToken> extra = new ArrayList<>();
    for (Piece piece : model.pieces()) {
      if (piece.isAdded()) {
        boolean special = piece.type() == Piece.Type.CONTROL;
        extra.add(new AddedToken(piece.text(), false, false, false, false, special));
      }
    }
    if (kind == TokenizerClass.T5) {
      for (int i = 0; i < extraIds(); i++) {
        extra.add(AddedToken.special("<extra_id_" + i + ">"));
      }
    }
    return extra;
  }

  private int extraIds() {
    int count = settings.config().path("extra_ids").asInt(100);
    if (count < 0 || count > 100_000) {
      throw settings.malformed("extra_ids is " + count + ", expected 0 to 100000");
    }
    return count;
  }

  private List<Piece> t5Pieces() {
    List<Piece> pieces = new ArrayList<>(model.pieces());
    for (int i = extraIds() - 1; i >= 0; i--) {
      pieces.add(new Piece("<extra_id_" + i + ">", 0, Piece.Type.USER_DEFINED));
    }
    return pieces;
  }

  /** fairseq's order: its own four, the model's from the fourth, and the mask. */
  private List<Piece> xlmRobertaPieces() {
    List<Piece> pieces = new ArrayList<>();
    for (String role : List.of("bos", "pad", "eos", "unk")) {
      pieces.add(new Piece(role(role), 0, Piece.Type.CONTROL));
    }
    pieces.addAll(
        model.pieces().subList(Math.min(3, model.pieces().size()), model.pieces().size()));
    pieces.add(new Piece(role("mask"), 0, Piece.Type.CONTROL));
    return pieces;
  }

  /** Five of its own in place of the model's unknown piece, and the mask. */
  private List<Piece> camembertPieces() {
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece("<s>NOTUSED", 0, Piece.Type.CONTROL));
    pieces.add(new Piece(role("pad"), 0, Piece.Type.CONTROL));
    pieces.add(new Piece("</s>NOTUSED", 0, Piece.Type.CONTROL));
    pieces.add(new Piece(role("unk"), 0, Piece.Type.CONTROL));
    pieces.add(new Piece("<unk>NOTUSED", -100, Piece.Type.CONTROL));
    pieces.addAll(model.pieces().subList(1, model.pieces().size()));
    pieces.add(new Piece(role("mask"), 0, Piece.Type.CONTROL));
    return pieces;
  }

  private int debertaUnknown() {
    String unknown = role("unk");
    for (int i = 0; i < model.pieces().size(); i++) {
      if (model.pieces().get(i).text().equals(unknown) && model.pieces().get(i).score() == 0) {
        return i;
      }
    }
    return model.trainer().unkId();
  }

  private void genericRoles() {
    TrainerSpec trainer = model.trainer();
    genericRole("bos", trainer.bosId(), trainer.bosPiece());
    genericRole("eos", trainer.eosId(), trainer.eosPiece());
    genericRole("unk", trainer.unkId(), trainer.unkPiece());
  }

  private void genericRole(String role, int id, String piece) {
    if (id >= 0 && !settings.absentRoles().contains(role)) {
      roles.putIfAbsent(role, AddedToken.special(piece));
    }
  }

  private void unigramFrame(ObjectNode frame, boolean prefixSpace) {
    charsmap().ifPresent(charsmap -> frame.set("normalizer", charsmap));
    ObjectNode metaspace = TokenizerParts.metaspace(prefixSpace ? "always" : "never", true);
    frame.set(
        "pre_tokenizer",
        TokenizerParts.sequence(
            "pretokenizers", TokenizerParts.part("{'type': 'WhitespaceSplit'}"), metaspace));
    frame.set("decoder", metaspace.deepCopy());
  }

  private void debertaFrame(ObjectNode frame) {
    ObjectNode spaces = TokenizerParts.part("{'type': 'Replace', 'pattern': {}, 'content': ' '}");
    spaces.withObject("/pattern").put("Regex", "\\s{2,}|[\\n\\r\\t]");
    ObjectNode nfc = TokenizerParts.part("{'type': 'NFC'}");
    ObjectNode strip =
        TokenizerParts.part("{'type': 'Strip', 'strip_left': false, 'strip_right': true}");
    frame.set(
        "normalizer",
        settings.flag("do_lower_case", false)
            ? TokenizerParts.sequence(
                "normalizers", TokenizerParts.part("{'type': 'Lowercase'}"), spaces, nfc, strip)
            : TokenizerParts.sequence("normalizers", spaces, nfc, strip));
    ObjectNode metaspace =
        TokenizerParts.metaspace(
            settings.flag("add_prefix_space", true) ? "always" : "first", true);
    frame.set(
        "pre_tokenizer",
        settings.flag("split_by_punct", false)
            ? TokenizerParts.sequence(
                "pretokenizers",
                TokenizerParts.part("{'type': 'Punctuation', 'behavior': 'Isolated'}"),
                metaspace)
            : TokenizerParts.sequence("pretokenizers", metaspace));
    frame.set("decoder", metaspace.deepCopy());
  }

  private void llamaFrame(ObjectNode frame) {
    boolean prefixSpace = settings.flag("add_prefix_space", true);
    String scheme = settings.flag("legacy", false) ? "always" : "first";
    frame.set("pre_tokenizer", TokenizerParts.metaspace(prefixSpace ? scheme : "never", false));
    ObjectNode decoder = bytesDecoder();
    if (prefixSpace) {
      decoder
          .withArray("/decoders")
          .add(TokenizerParts.part("{'type': 'Strip', 'content': ' ', 'start': 1, 'stop': 0}"));
    }
    frame.set("decoder", decoder);
  }

  private static void gemmaFrame(ObjectNode frame) {
    frame.set("normalizer", TokenizerParts.replace(" ", SPACE));
    frame.set(
        "pre_tokenizer",
        TokenizerParts.part(
            "{'type': 'Split', 'pattern': {'String': ' '}, 'behavior': 'MergedWithPrevious', 'invert': false}"));
    frame.set("decoder", bytesDecoder());
  }

  private void genericFrame(ObjectNode frame) {
    ObjectNode spaces = TokenizerParts.replace(" ", SPACE);
    frame.set(
        "normalizer",
        charsmap()
            .map(charsmap -> TokenizerParts.sequence("normalizers", charsmap, spaces))
            .orElseGet(() -> TokenizerParts.sequence("normalizers", spaces)));
    frame.set(
        "decoder",
        model.trainer().byteFallback()
            ? bytesDecoder()
            : TokenizerParts.sequence("decoders", TokenizerParts.replace(SPACE, " ")));
  }

  private static ObjectNode bytesDecoder() {
    return TokenizerParts.sequence(
        "decoders",
        TokenizerParts.replace(SPACE, " "),
        TokenizerParts.part("{'type': 'ByteFallback'}"),
        TokenizerParts.part("{'type': 'Fuse'}"));
  }

  private Optional<ObjectNode> charsmap() {
    byte[] charsmap = model.normalizer().charsmap();
    return charsmap.length == 0
        ? Optional.empty()
        : Optional.of(
            TokenizerParts.part("{'type': 'Precompiled'}")
                .put("precompiled_charsmap", Base64.getEncoder().encodeToString(charsmap)));
  }

  private String role(String role) {
    AddedToken token = roles.get(role);
    if (token == null) {
      throw settings.malformed(role + "_token is null, which this tokenizer cannot do without");
    }
    return token.content();
  }

  /** A unigram model as JSON text. */
  static String unigram(List<Piece> pieces, int unknown, boolean byteFallback) {
    StringWriter model = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(model)) {
      out.writeStartObject();
      out.writeStringProperty("type", "Unigram");
      out.writeNumberProperty("unk_id", unknown);
      out.writeBooleanProperty("byte_fallback", byteFallback);
      out.writeArrayPropertyStart("vocab");
      for (Piece piece : pieces) {
        out.writeStartArray();
        out.writeString(piece.text());
        out.writeNumber((double) piece.score());
        out.writeEndArray();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    return model.toString();
  }

  /**
   * A byte-pair model as JSON text. A model file has no merges: every way to make a piece of two
   * others is one, by the pieces' order and the shorter first part first.
   */
  private String bytePairs(Optional<String> unknown, boolean byteFallback) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int i = 0; i < model.pieces().size(); i++) {
      ids.put(model.pieces().get(i).text(), i);
    }
    if (kind == TokenizerClass.GENERIC) {
      renamePlaceholders(ids);
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringProperty("type", "BPE");
      out.writeStringProperty("unk_token", unknown.orElse(null));
      out.writeBooleanProperty("fuse_unk", true);
      out.writeBooleanProperty("byte_fallback", byteFallback);
      out.writePOJOProperty("vocab", ids);
      out.writeArrayPropertyStart("merges");
      ids.entrySet().stream()
          .sorted(Map.Entry.comparingByValue())
          .forEach(entry -> writeMerges(entry.getKey(), ids, out));
      out.writeEndArray();
      out.writeEndObject();
    }
    return text.toString();
  }

  private static void writeMerges(String piece, Map<String, Integer> ids, JsonGenerator out) {
    for (int i = piece.offsetByCodePoints(0, 1); i < piece.length(); ) {
      String first = piece.substring(0, i);
      String second = piece.substring(i);
      if (ids.containsKey(first) && ids.containsKey(second)) {
        out.writeStartArray();
        out.writeString(first);
        out.writeString(second);
        out.writeEndArray();
      }
      i = piece.offsetByCodePoints(i, 1);
    }
  }

  /** The settings can give pieces that the model reserved another text. */
  private void renamePlaceholders(Map<String, Integer> ids) {
    settings
        .addedTokens()
        .forEach(
            (id, token) -> {
              if (id < model.pieces().size() && !ids.containsKey(token.content())) {
                ids.remove(model.pieces().get(id).text(), id);
                ids.put(token.content(), id);
              }
            });
  }
}
