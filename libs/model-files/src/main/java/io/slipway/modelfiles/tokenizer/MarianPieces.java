package io.slipway.modelfiles.tokenizer;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.tokenizer.sentencepiece.Piece;
import io.slipway.modelfiles.tokenizer.sentencepiece.SentencePieceModel;
import io.slipway.modelfiles.tokenizer.sentencepiece.SentencePieceNormalizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The SentencePiece model of one language: text to pieces as SentencePiece itself normalises and
 * splits it, and back.
 */
final class MarianPieces implements AutoCloseable {

  /** Two of a character that is none, so that no text has it. */
  private static final String UNKNOWN = "\uFFFF\uFFFF";

  private final NativeBackend unigram;
  private final SentencePieceNormalizer normalizer;
  private final Map<String, Piece.Type> types = new HashMap<>();
  private final boolean dropsFirstSpace;

  private MarianPieces(SentencePieceModel model, NativeBackend unigram) {
    this.unigram = unigram;
    this.normalizer = new SentencePieceNormalizer(model);
    this.dropsFirstSpace =
        model.normalizer().addDummyPrefix() || model.normalizer().removeExtraWhitespaces();
    model.pieces().forEach(piece -> types.put(piece.text(), piece.type()));
  }

  static MarianPieces open(Path file) throws IOException {
    SentencePieceModel model = SentencePieceConversion.read(file);
    if (!model.trainer().unigram() || model.trainer().byteFallback()) {
      throw new ModelFilesException(
          Reason.UNSUPPORTED_CONFIG,
          "%s is byte-pair encoding or falls back to bytes; supported: a unigram model"
              .formatted(file.getFileName()));
    }
    String json = SentencePieceConversion.unigram(findable(model), 0, false);
    try {
      new SentencePieceNormalizer(model);
    } catch (IllegalArgumentException e) {
      throw TokenizerFiles.malformed(file, "has a malformed character map: " + e.getMessage(), e);
    }
    return new MarianPieces(
        model,
        NativeBackend.load(
            TokenizerJson.of(
                file.getFileName().toString(), JsonNodeFactory.instance.objectNode(), json)));
  }

  /** Pieces that can be found in a text, after the unknown one. */
  private static List<Piece> findable(SentencePieceModel model) {
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece(UNKNOWN, 0, Piece.Type.UNKNOWN));
    double highest =
        model.pieces().stream()
            .filter(piece -> piece.type() == Piece.Type.NORMAL)
            .mapToDouble(Piece::score)
            .max()
            .orElse(0);
    for (Piece piece : model.pieces()) {
      if (piece.type() == Piece.Type.NORMAL) {
        pieces.add(piece);
      } else if (piece.type() == Piece.Type.USER_DEFINED) {
        // The score that makes it win over every way to split it (unigram_model.cc).
        int length = piece.text().getBytes(StandardCharsets.UTF_8).length;
        pieces.add(new Piece(piece.text(), (float) (length * highest - 0.1), piece.type()));
      }
    }
    return pieces;
  }

  /** Pieces of a text; what no piece covers stands for itself. */
  List<String> split(String text) {
    String normal = normalizer.normalize(text);
    return normal.isEmpty() ? List.of() : unigram.pieces(normal);
  }

  /** The text of pieces; those of another language keep their symbols for spaces. */
  String join(List<String> pieces) {
    StringBuilder text = new StringBuilder();
    for (String piece : pieces) {
      Piece.Type type = types.getOrDefault(piece, Piece.Type.UNKNOWN);
      if (type == Piece.Type.UNKNOWN) {
        text.append(piece);
      } else if (type != Piece.Type.CONTROL) {
        boolean drop =
            text.isEmpty()
                && dropsFirstSpace
                && piece.startsWith(SentencePieceNormalizer.SPACE_SYMBOL);
        text.append(drop ? piece.substring(1) : piece);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    unigram.close();
  }
}
