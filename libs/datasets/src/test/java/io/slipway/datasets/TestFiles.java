package io.slipway.datasets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slipway.datasets.DatasetException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;

/** Writes small datasets and reads them whole. */
final class TestFiles {

  static final ColumnMapping COLUMNS = new ColumnMapping("text", "label");

  private TestFiles() {}

  static DatasetFile file(Path directory, DatasetFormat format, String content) {
    return file(directory, format, content.getBytes(UTF_8));
  }

  static DatasetFile file(Path directory, DatasetFormat format, byte[] content) {
    try {
      Path path = Files.createTempFile(directory, "data", "." + format.name().toLowerCase());
      return new DatasetFile(Files.write(path, content), format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Row> rows(DatasetFile file) {
    try (Stream<Row> rows = file.rows()) {
      return rows.toList();
    }
  }

  static List<LabelledText> examples(DatasetFile file, ColumnMapping columns) {
    try (Stream<LabelledText> examples = file.examples(columns)) {
      return examples.toList();
    }
  }

  static ThrowableAssertAlternative<DatasetException> assertRefused(
      Reason reason, ThrowingCallable call) {
    return assertThatExceptionOfType(DatasetException.class)
        .isThrownBy(call)
        .returns(reason, DatasetException::reason);
  }
}
