package io.slipway.gateway.openapi;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comments of the .proto files, which generated code does not have: read from the files
 * themselves, which lie on the class path. Knows the one comment style that they use, lines of two
 * slashes above a declaration.
 */
final class ProtoComments {

  private static final Pattern BLOCK =
      Pattern.compile("(?:message|enum|service|oneof|rpc)\\s+(\\w+).*");
  private static final Pattern FIELD =
      Pattern.compile("(?:(?:optional|repeated)\\s+)?[\\w.<>, ]*?\\b(\\w+)\\s*=\\s*\\d+.*");

  private final Map<String, String> comments = new HashMap<>();

  ProtoComments(Set<FileDescriptor> files) {
    files.forEach(this::read);
  }

  /**
   * @param fullName of a message, enum, field, service or method
   * @return empty when it has no comment
   */
  String of(String fullName) {
    return comments.getOrDefault(fullName, "");
  }

  private void read(FileDescriptor file) {
    String path = "/" + file.getName();
    try (InputStream in = ProtoComments.class.getResourceAsStream(path)) {
      if (in != null) {
        read(file.getPackage(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read.", e);
    }
  }

  private void read(String packageName, String text) {
    // Names of the blocks that are open; a oneof is no scope of its own.
    Deque<String> scopes = new ArrayDeque<>();
    scopes.push(packageName);
    List<String> above = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith("//")) {
        above.add(line.substring(2).strip());
        continue;
      }
      String scope = scopes.getFirst();
      Matcher block = BLOCK.matcher(line);
      Matcher field = FIELD.matcher(line);
      String name = block.matches() ? block.group(1) : field.matches() ? field.group(1) : "";
      if (!name.isEmpty() && !above.isEmpty()) {
        comments.put(scope + "." + name, String.join(" ", above));
      }
      above.clear();
      boolean opensScope = block.matches() && !line.startsWith("oneof");
      line.chars()
          .forEach(
              c -> {
                if (c == '{') {
                  scopes.push(opensScope ? scope + "." + name : scope);
                } else if (c == '}' && scopes.size() > 1) {
                  scopes.pop();
                }
              });
    }
  }
}
