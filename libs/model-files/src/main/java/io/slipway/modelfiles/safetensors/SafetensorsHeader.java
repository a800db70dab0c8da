package io.slipway.modelfiles.safetensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a file, read as a stream so that a hostile one costs no more memory than its
 * own bytes justify.
 *
 * @param tensors by name, in the order of the header
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {

  private static final String METADATA = "__metadata__";
  private static final int MAX_RANK = 64;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Where a tensor lies; begin and end are bytes into the data section. */
  record Entry(Dtype dtype, List<Long> shape, long begin, long end) {}

  /**
   * @param json the header without its length prefix
   * @param dataBytes size of the data section, which the tensors have to fill exactly
   * @throws SafetensorsException when the header breaks any rule of the format
   */
  static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
    SafetensorsHeader header;
    try (JsonParser parser = JSON.createParser(json)) {
      header = new Reader(file, parser).read();
    } catch (JacksonException e) {
      throw new SafetensorsException(
          file, "the header is not valid JSON: " + e.getOriginalMessage());
    }
    header.checkLayout(file, dataBytes);
    return header;
  }

  /**
   * The tensors have to follow each other without gap or overlap, and to end where the file ends.
   */
  private void checkLayout(Path file, long dataBytes) {
    List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(tensors.entrySet());
    byOffset.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long expected = 0;
    for (Map.Entry<String, Entry> named : byOffset) {
      Entry entry = named.getValue();
      if (entry.end > dataBytes) {
        throw new SafetensorsException(
            file,
            "tensor %s ends at byte %d of the data, which has only %d bytes: the file is truncated or its header is wrong"
                .formatted(quoted(named.getKey()), entry.end, dataBytes));
      }
      if (entry.begin != expected) {
        throw new SafetensorsException(
            file,
            "tensor %s begins at byte %d of the data, expected %d: %s"
                .formatted(
                    quoted(named.getKey()),
                    entry.begin,
                    expected,
                    entry.begin < expected ? "tensors overlap" : "there is a hole before it"));
      }
      expected = entry.end;
    }
    if (expected != dataBytes) {
      throw new SafetensorsException(
          file,
          "the tensors fill %d bytes, but the file holds %d bytes of data"
              .formatted(expected, dataBytes));
    }
  }

  /** Names come from the file: shortened, so that an error message stays readable. */
  static String quoted(String name) {
    return '"' + (name.length() > 200 ? name.substring(0, 200) + "..." : name) + '"';
  }

  /** Reads one header; every accessor insists on the token that the format asks for. */
  private static final class Reader {

    private final Path file;
    private final JsonParser parser;

    Reader(Path file, JsonParser parser) {
      this.file = file;
      this.parser = parser;
    }

    SafetensorsHeader read() {
      Map<String, Entry> tensors = new LinkedHashMap<>();
      Map<String, String> metadata = Map.of();
      expect(JsonToken.START_OBJECT, "the header", "a JSON object");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        if (name.equals(METADATA)) {
          metadata = metadata();
        } else {
          tensors.put(name, entry(name));
        }
      }
      if (parser.nextToken() != null) {
        throw new SafetensorsException(file, "the header has content after its JSON object");
      }
      return new SafetensorsHeader(tensors, metadata);
    }

    private Map<String, String> metadata() {
      Map<String, String> metadata = new LinkedHashMap<>();
      expect(JsonToken.START_OBJECT, METADATA, "an object of strings");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = parser.currentName();
        expect(JsonToken.VALUE_STRING, METADATA + "." + quoted(key), "a string");
        metadata.put(key, parser.getString());
      }
      return metadata;
    }

    private Entry entry(String name) {
      @Nullable Dtype dtype = null;
      @Nullable List<Long> shape = null;
      @Nullable List<Long> offsets = null;
      expect(JsonToken.START_OBJECT, "tensor " + quoted(name), "an object");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = parser.currentName();
        switch (field) {
          case "dtype" -> dtype = dtype(name);
          case "shape" -> shape = integers(name, field, MAX_RANK);
          case "data_offsets" -> offsets = integers(name, field, 2);
          default ->
              throw new SafetensorsException(
                  file, problem(name, "has an unknown field " + quoted(field)));
        }
      }
      if (dtype == null || shape == null || offsets == null) {
        throw new SafetensorsException(file, problem(name, "needs dtype, shape and data_offsets"));
      }
      if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
        throw new SafetensorsException(
            file,
            problem(
                name, "has data_offsets " + offsets + ", expected [begin, end] with begin <= end"));
      }
      Entry entry = new Entry(dtype, shape, offsets.get(0), offsets.get(1));
      checkSize(name, entry);
      return entry;
    }

    private Dtype dtype(String name) {
      expect(JsonToken.VALUE_STRING, "dtype of " + quoted(name), "a string");
      String dtype = parser.getString();
      return Dtype.named(dtype)
          .orElseThrow(
              () ->
                  new SafetensorsException(
                      file,
                      problem(name, "has the unknown dtype " + quoted(dtype) + ", expected one of ")
                          + List.of(Dtype.values())));
    }

    private List<Long> integers(String name, String field, int limit) {
      List<Long> values = new ArrayList<>();
      expect(JsonToken.START_ARRAY, field + " of " + quoted(name), "an array of integers");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || values.size() == limit) {
          throw new SafetensorsException(
              file,
              problem(
                  name,
                  "has a %s that is not an array of at most %d integers".formatted(field, limit)));
        }
        long value = parser.getLongValue();
        if (value < 0) {
          throw new SafetensorsException(
              file, problem(name, "has the negative value %d in %s".formatted(value, field)));
        }
        values.add(value);
      }
      return List.copyOf(values);
    }

    private void checkSize(String name, Entry entry) {
      long bytes = entry.dtype.bytes();
      try {
        for (long dimension : entry.shape) {
          bytes = Math.multiplyExact(bytes, dimension);
        }
      } catch (ArithmeticException e) {
        throw new SafetensorsException(
            file, problem(name, "has a size that overflows: shape " + entry.shape));
      }
      if (bytes != entry.end - entry.begin) {
        throw new SafetensorsException(
            file,
            problem(
                name,
                "has shape %s of %s, which is %d bytes, but data_offsets that span %d"
                    .formatted(entry.shape, entry.dtype, bytes, entry.end - entry.begin)));
      }
    }

    private void expect(JsonToken token, String where, String expected) {
      if (parser.nextToken() != token) {
        throw new SafetensorsException(file, where + " is not " + expected);
      }
    }

    private static String problem(String name, String problem) {
      return "tensor " + quoted(name) + " " + problem;
    }
  }
}
