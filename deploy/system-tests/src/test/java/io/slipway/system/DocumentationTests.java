package io.slipway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents point to is there. */
class DocumentationTests {

  private static final Pattern LINK =
      Pattern.compile("\\]\\((?!https?://|mailto:|#)([^)#\\s]+)[^)]*\\)");

  @Test
  void linksToFilesThatExist() throws IOException {
    List<Path> documents = documents();

    assertThat(documents).hasSizeGreaterThan(10);
    assertThat(documents.stream().flatMap(DocumentationTests::brokenLinks)).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(Launcher.HOME)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }

  private static Stream<String> brokenLinks(Path document) {
    try {
      Matcher links = LINK.matcher(Files.readString(document));
      return links
          .results()
          .map(link -> link.group(1))
          .filter(link -> !Files.exists(document.getParent().resolve(link)))
          .map(link -> Launcher.HOME.relativize(document) + " -> " + link)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
