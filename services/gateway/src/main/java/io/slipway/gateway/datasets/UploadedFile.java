package io.slipway.gateway.datasets;

import io.slipway.gateway.errors.HttpError;
import io.slipway.gateway.rest.QueryString;
import io.slipway.gateway.rest.RequestBody;
import io.slipway.kit.errors.SlipwayException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.springframework.http.MediaType;

/**
 * The file of an upload while it arrives: the body itself, or the first file part of a form.
 *
 * @param fileName as the client calls it; empty for a bare body
 * @param contentType as declared; empty when it is not
 * @param fields text parts that came before the file, and query parameters
 */
record UploadedFile(
    InputStream content, String fileName, String contentType, Map<String, String> fields) {

  private static final int LONGEST_FIELD = 1024;

  /** Reads only as far as the file's first byte. */
  static UploadedFile of(HttpServletRequest request, QueryString query) throws IOException {
    Map<String, String> fields = new HashMap<>();
    query.parameters().keySet().forEach(name -> fields.put(name, query.single(name)));
    MediaType type = RequestBody.mediaType(request);
    if (!type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA)) {
      boolean declared = request.getContentType() != null;
      return new UploadedFile(
          request.getInputStream(),
          "",
          declared ? type.getType() + "/" + type.getSubtype() : "",
          fields);
    }
    return ofForm(request, fields);
  }

  private static UploadedFile ofForm(HttpServletRequest request, Map<String, String> fields)
      throws IOException {
    try {
      FileItemIterator parts = new FileUpload().getItemIterator(new ServletRequestContext(request));
      while (parts.hasNext()) {
        FileItemStream part = parts.next();
        if (!part.isFormField()) {
          String name = part.getName();
          String contentType = part.getContentType();
          return new UploadedFile(
              part.openStream(),
              name == null ? "" : name,
              contentType == null ? "" : contentType,
              fields);
        }
        fields.put(part.getFieldName(), text(part));
      }
    } catch (FileUploadException malformed) {
      throw SlipwayException.invalid("The form cannot be read: " + malformed.getMessage());
    }
    throw SlipwayException.invalid("The form has no file part.");
  }

  private static String text(FileItemStream part) throws IOException {
    byte[] bytes = part.openStream().readNBytes(LONGEST_FIELD + 1);
    if (bytes.length > LONGEST_FIELD) {
      throw HttpError.of(
          400,
          "Form field \"" + part.getFieldName() + "\" has more than " + LONGEST_FIELD + " bytes.");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  String field(String name) {
    return fields.getOrDefault(name, "");
  }
}
