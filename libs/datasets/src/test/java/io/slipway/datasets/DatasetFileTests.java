package io.slipway.datasets;

import static io.slipway.datasets.TestFiles.COLUMNS;
import static io.slipway.datasets.TestFiles.assertRefused;
import static io.slipway.datasets.TestFiles.examples;
import static io.slipway.datasets.TestFiles.rows;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.datasets.DatasetException.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetFileTests {

  @TempDir Path directory;

  @Test
  void readsJsonLinesAndTurnsValuesIntoText() {
    DatasetFile file =
        jsonl(
            """
            {"text": "a\\nb", "label": 0, "extra": {"x": [1, null]}}

            {"label": true, "text": "ü", "more": null}
            {"text": "c", "label": 1.50}
            """);

    assertThat(file.inspect())
        .isEqualTo(new DatasetSummary(List.of("text", "label", "extra", "more"), 3));
    assertThat(rows(file).getFirst().value("extra")).hasValue("{\"x\":[1,null]}");
    assertThat(examples(file, COLUMNS))
        .containsExactly(
            new LabelledText("a\nb", "0"),
            new LabelledText("ü", "true"),
            new LabelledText("c", "1.50"));
  }

  @Test
  void readsCsvWithQuotesAndLineBreaksInFields() {
    DatasetFile file = csv("text,label\r\n\"a, \"\"b\"\"\nc\",pos\r\n\r\nplain 5\" pipe,neg");

    assertThat(file.inspect()).isEqualTo(new DatasetSummary(List.of("text", "label"), 2));
    assertThat(examples(file, COLUMNS))
        .containsExactly(
            new LabelledText("a, \"b\"\nc", "pos"), new LabelledText("plain 5\" pipe", "neg"));
    assertThat(rows(file)).extracting(Row::line).containsExactly(2L, 5L);
  }

  @Test
  void readsTsvAndTakesQuotesAsTheyAre() {
    DatasetFile file = tsv("sentence\tlabel\n\"it 's \"fine\t1\nit, too\t0\r\n");

    assertThat(examples(file, new ColumnMapping("sentence", "label")))
        .containsExactly(new LabelledText("\"it 's \"fine", "1"), new LabelledText("it, too", "0"));
  }

  @ParameterizedTest
  @EnumSource(DatasetFormat.class)
  void skipsAByteOrderMark(DatasetFormat format) {
    String content =
        switch (format) {
          case JSONL -> "{\"text\":\"a\",\"label\":\"b\"}";
          case CSV -> "text,label\na,b";
          case TSV -> "text\tlabel\na\tb";
        };

    assertThat(examples(TestFiles.file(directory, format, "\uFEFF" + content), COLUMNS))
        .containsExactly(new LabelledText("a", "b"));
  }

  @ParameterizedTest
  @EnumSource(DatasetFormat.class)
  void refusesTextThatIsNotUtf8AndSaysWhere(DatasetFormat format) {
    byte[] latin =
        switch (format) {
          case JSONL -> "{\"a\":1}\n{\"b\":2}\n\u00e9".getBytes(ISO_8859_1);
          case CSV -> "text,label\nok,1\ncaf\u00e9,1\n".getBytes(ISO_8859_1);
          case TSV -> "text\tlabel\nok\t1\ncaf\u00e9\t1\n".getBytes(ISO_8859_1);
        };

    assertRefused(Reason.NOT_UTF8, TestFiles.file(directory, format, latin)::inspect)
        .withMessageContaining("Line 3")
        .withMessageContaining("offset")
        .returns(OptionalLong.of(3), DatasetException::line);
  }

  @Test
  void givesTheOffsetOfTheFirstBadByte() {
    assertRefused(
            Reason.NOT_UTF8,
            TestFiles.file(directory, DatasetFormat.TSV, new byte[] {'a', '\n', 'b', -1})::inspect)
        .withMessageContaining("0xff at offset 3");
  }

  @Test
  void refusesAMultiByteCharacterThatTheEndOfTheFileCutsOff() {
    byte[] cut = {'a', '\n', 'b', (byte) 0xC3};

    assertRefused(Reason.NOT_UTF8, TestFiles.file(directory, DatasetFormat.TSV, cut)::inspect);
  }

  @Test
  void refusesUtf16WithAndWithoutAMark() {
    byte[] plain = "text,label\na,b\n".getBytes(UTF_16LE);
    byte[] marked = "\uFEFFtext,label\na,b\n".getBytes(UTF_16LE);

    assertRefused(Reason.NOT_UTF8, TestFiles.file(directory, DatasetFormat.CSV, plain)::inspect);
    assertRefused(Reason.NOT_UTF8, TestFiles.file(directory, DatasetFormat.CSV, marked)::inspect);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "text,label", "text,label\n\n", "\uFEFF"})
  void refusesAFileWithoutRows(String content) {
    DatasetFile file = csv(content);

    assertRefused(Reason.EMPTY_DATASET, file::inspect);
    assertRefused(Reason.EMPTY_DATASET, () -> rows(file));
    assertRefused(Reason.EMPTY_DATASET, () -> examples(file, COLUMNS));
    assertRefused(Reason.EMPTY_DATASET, jsonl("\n")::inspect);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1]",
        "\"text\"",
        "{\"text\":\"a\"",
        "{\"text\":\"a\"} {}",
        "{text: 1}",
        "{\"a\":1,\"a\":2}",
        "hello",
        "{\"a\":}"
      })
  void refusesLinesThatAreNoJsonObjectAndNamesTheLine(String line) {
    assertRefused(Reason.MALFORMED_ROW, jsonl("{\"text\":\"x\"}\n" + line)::inspect)
        .withMessageStartingWith("Line 2:")
        .returns(OptionalLong.of(2), DatasetException::line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a,b,c"})
  void refusesRowsWithMoreOrFewerFieldsThanTheHeader(String row) {
    assertRefused(Reason.MALFORMED_ROW, csv("text,label\nx,y\n" + row + "\n")::inspect)
        .withMessageStartingWith("Line 3:")
        .withMessageContaining("expected 2");
    assertRefused(
            Reason.MALFORMED_ROW,
            tsv("text\tlabel\nx\ty\n" + row.replace(',', '\t') + "\n")::inspect)
        .withMessageStartingWith("Line 3:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", ""})
  void refusesAQuoteThatIsNeverClosed(String end) {
    assertRefused(Reason.MALFORMED_ROW, csv("text,label\na,b\n\"open,c\nd,e" + end)::inspect)
        .withMessageStartingWith("Line 3:")
        .withMessageContaining("never closed");
  }

  @Test
  void refusesCharactersAfterAClosingQuote() {
    assertRefused(Reason.MALFORMED_ROW, csv("text,label\n\"a\"b,c\n")::inspect)
        .returns(OptionalLong.of(2), DatasetException::line);
  }

  @Test
  void refusesAHeaderThatNamesAColumnTwice() {
    assertRefused(Reason.MALFORMED_HEADER, csv("text,text\na,b\n")::inspect)
        .withMessageContaining("'text' twice");
  }

  @Test
  void keepsToItsLimits() {
    var limits = new DatasetLimits(20, 2, 2);
    String longText = "x".repeat(21);

    assertRefused(
            Reason.ROW_TOO_LARGE, limited(csv("text,label\n" + longText + ",b\n"), limits)::inspect)
        .withMessageContaining("Line 2")
        .withMessageContaining("20 bytes");
    assertRefused(
        Reason.ROW_TOO_LARGE,
        limited(csv("text,label\n\"" + "xxxx\n".repeat(20) + "\",b\n"), limits)::inspect);
    assertRefused(Reason.TOO_MANY_COLUMNS, limited(csv("a,b,c\n1,2,3\n"), limits)::inspect);
    assertRefused(
        Reason.TOO_MANY_COLUMNS, limited(jsonl("{\"a\":1}\n{\"b\":1,\"c\":1}"), limits)::inspect);
    assertRefused(
            Reason.TOO_MANY_CLASSES,
            () -> limited(csv("text,label\n1,a\n1,b\n1,c\n"), limits).labelCounts(COLUMNS))
        .withMessageContaining("'label'");
  }

  @Test
  void namesTheMissingColumnAndThoseThereAre() {
    var mapping = new ColumnMapping("sentence", "label");

    assertRefused(Reason.MISSING_COLUMN, () -> examples(csv("text,label\na,b\n"), mapping))
        .withMessageContaining("'sentence'")
        .withMessageContaining("[text, label]");
    assertRefused(
        Reason.MISSING_COLUMN, () -> examples(jsonl("{\"text\":1,\"label\":2}"), mapping));
    assertRefused(Reason.MISSING_COLUMN, () -> mapping.requireIn(List.of("text", "label")));
  }

  @ParameterizedTest
  @CsvSource({"TEXT_MISSING,'{\"label\":1}'", "LABEL_MISSING,'{\"text\":1,\"label\":null}'"})
  void namesTheRowThatLacksItsTextOrLabel(Reason reason, String row) {
    DatasetFile file = jsonl("{\"text\":\"a\",\"label\":1}\n" + row + "\n");

    assertRefused(reason, () -> examples(file, COLUMNS))
        .returns(OptionalLong.of(2), DatasetException::line);
  }

  @Test
  void refusesAnEmptyLabelInCsv() {
    assertRefused(Reason.LABEL_MISSING, () -> examples(csv("text,label\na,b\nc,\n"), COLUMNS));
  }

  @Test
  void renamesLabelsToThoseOfTheModel() {
    var mapping = new ColumnMapping("text", "label", Map.of("0", "negative"));

    assertThat(examples(csv("text,label\na,0\nb,1\n"), mapping))
        .extracting(LabelledText::label)
        .containsExactly("negative", "1");
  }

  @Test
  void countsLabelsInTheirOrder() {
    assertThat(csv("text,label\na,10\nb,9\nc,9\n").labelCounts(COLUMNS).toString())
        .isEqualTo("{9=2, 10=1}");
  }

  @Test
  void saysThatAFileCannotBeRead() {
    var absent = new DatasetFile(directory.resolve("absent.csv"), DatasetFormat.CSV);

    assertRefused(Reason.UNREADABLE, absent::inspect).withMessageContaining("absent.csv");
  }

  @Test
  void readsRowsLongerThanItsBuffer() {
    String text = "wörter ".repeat(20_000);

    assertThat(examples(csv("text,label\n" + text + ",a\nx,b\n"), COLUMNS))
        .containsExactly(new LabelledText(text, "a"), new LabelledText("x", "b"));
  }

  private DatasetFile jsonl(String content) {
    return TestFiles.file(directory, DatasetFormat.JSONL, content);
  }

  private DatasetFile csv(String content) {
    return TestFiles.file(directory, DatasetFormat.CSV, content.getBytes(UTF_8));
  }

  private DatasetFile tsv(String content) {
    return TestFiles.file(directory, DatasetFormat.TSV, content);
  }

  private static DatasetFile limited(DatasetFile file, DatasetLimits limits) {
    return new DatasetFile(file.path(), file.format(), limits);
  }
}
