package io.slipway.benchmarks.tuning;

import io.slipway.models.training.answers.AnsweredQuestion;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Questions that nobody wrote: a sentence of a text without a name, a number or a word, which is
 * the answer. Of the rest only some words are kept, and not from the first on, so that what is
 * learned is to look where a question's words stand, not to find a sentence again.
 *
 * @param passages sentences that follow each other, of each text
 * @see <a href="https://arxiv.org/abs/1906.04980">Lewis et al. 2019</a>
 */
record ClozeQuestions(List<List<String>> passages, Random random) {

  private static final Pattern SENTENCE_END =
      Pattern.compile("(?<=[.!?][\"')\\]]{0,2})\\s+(?=\\P{Ll})");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final Pattern SPAN =
      Pattern.compile(
          "(?<name>\\b\\p{Lu}[\\p{L}\\p{N}'-]+(?:\\s+(?:of\\s+|the\\s+)?\\p{Lu}[\\p{L}\\p{N}'-]+)*)"
              + "|(?<number>\\b\\p{N}(?:[\\p{N},.]*\\p{N})?)"
              + "|(?<words>\\b\\p{Ll}{4,}(?:\\s+\\p{Ll}{4,})?)");
  private static final Pattern YEAR = Pattern.compile("1\\d{3}|20\\d\\d");
  private static final Set<String> TIMES =
      Set.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December",
          "Monday",
          "Tuesday",
          "Wednesday",
          "Thursday",
          "Friday",
          "Saturday",
          "Sunday");
  private static final Set<String> COMMON =
      Set.of(
          ("the a an of to in on at for by with from as and or but is was are were be been it its his"
                  + " her their that this which who he she they had has have not also such into than"
                  + " then so if when while after before during between about")
              .split(" "));
  private static final List<String> OF_NAMES = List.of("who", "who", "what", "where", "which");
  private static final int PASSAGE_WORDS = 75;
  private static final int SENTENCE_WORDS = 6;
  private static final int NEAR = 12;
  private static final int LEAST_WORDS = 3;
  private static final int MOST_WORDS = 20;
  private static final double KEPT = 0.6;
  private static final double COMMON_KEPT = 0.35;
  private static final double FAR_KEPT = 0.4;
  private static final double WORDS_ASKED = 0.3;
  private static final int ATTEMPTS = 50;

  static ClozeQuestions of(List<String> texts, long seed) {
    return new ClozeQuestions(
        texts.stream().map(text -> List.of(SENTENCE_END.split(text.strip()))).toList(),
        new Random(seed));
  }

  /** So many, or fewer where the texts hardly have sentences to ask about. */
  List<AnsweredQuestion> questions(int count) {
    if (passages.isEmpty()) {
      return List.of();
    }
    return Stream.generate(this::question)
        .limit((long) count * ATTEMPTS)
        .flatMap(Optional::stream)
        .limit(count)
        .toList();
  }

  /** A part of a text that is to be the answer, and the word that asks for it. */
  private record Span(int start, int end, String asked) {}

  private Optional<AnsweredQuestion> question() {
    List<String> sentences = passages.get(random.nextInt(passages.size()));
    int first = random.nextInt(sentences.size());
    int last = first;
    int words = words(sentences.get(first)).size();
    while (last + 1 < sentences.size()
        && words + words(sentences.get(last + 1)).size() <= PASSAGE_WORDS) {
      last++;
      words += words(sentences.get(last)).size();
    }
    List<String> passage = sentences.subList(first, last + 1);
    int asked = random.nextInt(passage.size());
    String sentence = passage.get(asked);
    List<Span> spans = spans(sentence);
    if (spans.isEmpty() || words(sentence).size() < SENTENCE_WORDS) {
      return Optional.empty();
    }
    Span span = spans.get(random.nextInt(spans.size()));
    List<String> kept = kept(sentence, span);
    if (kept.size() < LEAST_WORDS) {
      return Optional.empty();
    }
    String context = String.join(" ", passage);
    int start =
        passage.subList(0, asked).stream().mapToInt(before -> before.length() + 1).sum()
            + span.start();
    return Optional.of(
        new AnsweredQuestion(
            span.asked() + " " + String.join(" ", kept) + "?",
            context,
            List.of(
                new Answer(
                    sentence.substring(span.start(), span.end()),
                    context.codePointCount(0, start)))));
  }

  private List<Span> spans(String sentence) {
    List<Span> spans = new ArrayList<>();
    Matcher matcher = SPAN.matcher(sentence);
    while (matcher.find()) {
      String text = matcher.group();
      // A sentence begins with a capital, whatever its first word is.
      boolean beginning = matcher.start() == 0 && !text.contains(" ");
      List<String> words = words(text);
      if (matcher.group("number") != null) {
        spans.add(span(matcher, YEAR.matcher(text).matches() ? "when" : "how many"));
      } else if (TIMES.contains(text.split("\\s")[0])) {
        spans.add(span(matcher, "when"));
      } else if (matcher.group("name") != null
          && !beginning
          && !COMMON.contains(words.getFirst())) {
        spans.add(span(matcher, OF_NAMES.get(random.nextInt(OF_NAMES.size()))));
      } else if (matcher.group("words") != null
          && Collections.disjoint(words, COMMON)
          && random.nextDouble() < WORDS_ASKED) {
        spans.add(span(matcher, "what"));
      }
    }
    return spans;
  }

  private static Span span(Matcher matcher, String asked) {
    return new Span(matcher.start(), matcher.end(), asked);
  }

  private List<String> kept(String sentence, Span span) {
    List<String> left = words(sentence.substring(0, span.start()));
    List<String> right = words(sentence.substring(span.end()));
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < left.size() + right.size(); i++) {
      boolean before = i < left.size();
      String word = before ? left.get(i) : right.get(i - left.size());
      int distance = before ? left.size() - i : i - left.size() + 1;
      double probability =
          (COMMON.contains(word) ? COMMON_KEPT : KEPT) * (distance > NEAR ? FAR_KEPT : 1);
      if (kept.size() < MOST_WORDS && random.nextDouble() < probability) {
        kept.add(word);
      }
    }
    if (!kept.isEmpty() && random.nextBoolean()) {
      Collections.rotate(kept, random.nextInt(kept.size()));
    }
    return kept;
  }

  private static List<String> words(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(match -> match.group())
        .toList();
  }
}
