package io.slipway.trainer.run;

import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A safetensors file with a stamp in its {@code __metadata__}, so that the same tensors from two
 * runs are two blobs, and deleting one run's takes nothing from the other.
 */
final class StampedTensors {

  static final String SUFFIX = ".safetensors";
  private static final String KEY = "slipway_run";
  private static final int ALIGNMENT = 8;
  private static final int LONGEST_HEADER = 100 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private StampedTensors() {}

  /** The stamped content; the caller closes it. Tensor data is not touched. */
  static InputStream open(Path file, String stamp) throws IOException {
    InputStream content = Files.newInputStream(file);
    boolean opened = false;
    try {
      long length = ByteBuffer.wrap(content.readNBytes(8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 2 || length > LONGEST_HEADER) {
        throw new SlipwayException(
            ErrorCode.INTERNAL, file.getFileName() + " has a header of " + length + " bytes.");
      }
      byte[] header = stamp(content.readNBytes((int) length), stamp);
      byte[] prefix =
          ByteBuffer.allocate(8 + header.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .put(header)
              .array();
      opened = true;
      return new SequenceInputStream(new ByteArrayInputStream(prefix), content);
    } finally {
      if (!opened) {
        content.close();
      }
    }
  }

  private static byte[] stamp(byte[] header, String stamp) {
    ObjectNode root = (ObjectNode) JSON.readTree(header);
    JsonNode metadata = root.get("__metadata__");
    ObjectNode stamped =
        metadata instanceof ObjectNode object ? object : root.putObject("__metadata__");
    stamped.put(KEY, stamp);
    byte[] text = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(text, Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return padded;
  }
}
