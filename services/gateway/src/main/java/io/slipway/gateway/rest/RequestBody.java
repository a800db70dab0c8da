package io.slipway.gateway.rest;

import io.slipway.gateway.errors.HttpError;
import io.slipway.kit.errors.SlipwayException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/** The body of a request, never larger in memory than its limit. */
public final class RequestBody {

  private RequestBody() {}

  /**
   * Reads a JSON body as text.
   *
   * @return empty for a request without a body
   * @throws HttpError UNSUPPORTED_MEDIA_TYPE, TOO_LARGE
   * @throws SlipwayException INVALID_ARGUMENT for bytes that are not UTF-8
   */
  public static String json(HttpServletRequest request, DataSize limit) throws IOException {
    byte[] bytes = bytes(request, limit);
    if (bytes.length == 0) {
      return "";
    }
    MediaType type = mediaType(request);
    if (!type.isCompatibleWith(MediaType.APPLICATION_JSON)
        && !type.getSubtype().endsWith("+json")) {
      throw HttpError.unsupportedMediaType(type.toString(), "application/json");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException malformed) {
      throw SlipwayException.invalid("The body is not UTF-8.");
    }
  }

  /** The body's declared type; JSON when none is declared. */
  public static MediaType mediaType(HttpServletRequest request) {
    String declared = request.getContentType();
    if (declared == null || declared.isBlank()) {
      return MediaType.APPLICATION_JSON;
    }
    try {
      return MediaType.parseMediaType(declared);
    } catch (InvalidMediaTypeException malformed) {
      throw HttpError.unsupportedMediaType(declared, "application/json");
    }
  }

  /** Refuses by what the headers announce, before a byte is read. */
  public static void refuseIfAnnouncedLarger(HttpServletRequest request, DataSize limit) {
    if (request.getContentLengthLong() > limit.toBytes()) {
      throw HttpError.tooLarge(request.getContentLengthLong() + " bytes", limit);
    }
  }

  private static byte[] bytes(HttpServletRequest request, DataSize limit) throws IOException {
    refuseIfAnnouncedLarger(request, limit);
    InputStream in = request.getInputStream();
    byte[] bytes = in.readNBytes((int) limit.toBytes() + 1);
    if (bytes.length > limit.toBytes()) {
      throw HttpError.tooLarge("more", limit);
    }
    return bytes;
  }
}
