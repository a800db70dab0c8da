package io.slipway.standalone.starterhub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A context-free grammar of phrases. In its file, {@code [rule]} is followed by its alternatives,
 * one a line; {@code {rule}} stands for one of that rule's alternatives and {@code #} for a digit.
 */
final class MessageGrammar {
  private static final Pattern REFERENCE = Pattern.compile("\\{(\\w+)}");

  private final Map<String, List<String>> rules;

  private MessageGrammar(Map<String, List<String>> rules) {
    this.rules = rules;
  }

  /** Reads a grammar that lies beside this class, and checks that every reference has a rule. */
  static MessageGrammar read(String resource) {
    Map<String, List<String>> rules = new HashMap<>();
    InputStream file =
        Objects.requireNonNull(MessageGrammar.class.getResourceAsStream(resource), resource);
    try (var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      List<String> alternatives = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("[")) {
          alternatives = new ArrayList<>();
          rules.put(line.substring(1, line.length() - 1), alternatives);
        } else if (!line.isBlank() && !line.startsWith("# ")) {
          alternatives.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var grammar = new MessageGrammar(rules);
    rules.values().forEach(alternatives -> alternatives.forEach(grammar::check));
    return grammar;
  }

  /** One phrase of a rule; a reference is expanded until none is left. */
  String phrase(String rule, Random random) {
    List<String> alternatives = alternatives(rule);
    String chosen = alternatives.get(random.nextInt(alternatives.size()));
    String expanded =
        REFERENCE
            .matcher(chosen)
            .replaceAll(match -> Matcher.quoteReplacement(phrase(match.group(1), random)));
    return withDigits(expanded, random);
  }

  private List<String> alternatives(String rule) {
    List<String> alternatives = rules.get(rule);
    if (alternatives == null || alternatives.isEmpty()) {
      throw new IllegalStateException("the grammar has no rule [" + rule + "]");
    }
    return alternatives;
  }

  private void check(String alternative) {
    REFERENCE.matcher(alternative).results().forEach(match -> alternatives(match.group(1)));
  }

  private static String withDigits(String text, Random random) {
    StringBuilder digits = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean leading = i == 0 || text.charAt(i - 1) == ' ';
      digits.append(
          c != '#' ? c : (char) ('0' + (leading ? 1 + random.nextInt(9) : random.nextInt(10))));
    }
    return digits.toString();
  }
}
