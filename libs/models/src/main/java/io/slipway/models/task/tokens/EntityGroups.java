package io.slipway.models.task.tokens;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * From labelled tokens to entities, in the way of the reference's token-classification pipeline.
 *
 * @param join text of tokens or words, as the tokenizer puts them together
 */
record EntityGroups(List<String> labels, Function<List<String>, String> join) {

  List<Entity> of(List<LabelledToken> tokens, AggregationStrategy strategy) {
    return switch (strategy) {
      case NONE -> tokens.stream().map(this::entity).toList();
      case SIMPLE -> grouped(tokens.stream().map(this::entity).toList());
      case FIRST, AVERAGE, MAX -> grouped(words(tokens, strategy));
    };
  }

  private Entity entity(LabelledToken token) {
    return new Entity(
        labels.get(token.best()),
        token.bestScore(),
        token.text(),
        OptionalInt.of(token.index()),
        token.start(),
        token.end());
  }

  private List<Entity> words(List<LabelledToken> tokens, AggregationStrategy strategy) {
    List<Entity> words = new ArrayList<>();
    List<LabelledToken> word = new ArrayList<>();
    for (LabelledToken token : tokens) {
      if (!word.isEmpty() && !token.subword()) {
        words.add(word(word, strategy));
        word.clear();
      }
      word.add(token);
    }
    if (!word.isEmpty()) {
      words.add(word(word, strategy));
    }
    return words;
  }

  private Entity word(List<LabelledToken> tokens, AggregationStrategy strategy) {
    LabelledToken first = tokens.getFirst();
    LabelledToken decisive =
        switch (strategy) {
          case AVERAGE ->
              new LabelledToken(
                  first.text(), average(tokens), first.index(), first.start(), first.end(), false);
          case MAX -> {
            LabelledToken most = first;
            for (LabelledToken token : tokens) {
              most = token.bestScore() > most.bestScore() ? token : most;
            }
            yield most;
          }
          case FIRST, NONE, SIMPLE -> first;
        };
    return new Entity(
        labels.get(decisive.best()),
        decisive.bestScore(),
        join.apply(tokens.stream().map(LabelledToken::text).toList()),
        OptionalInt.empty(),
        first.start(),
        tokens.getLast().end());
  }

  private static double[] average(List<LabelledToken> tokens) {
    double[] average = new double[tokens.getFirst().scores().length];
    for (LabelledToken token : tokens) {
      for (int i = 0; i < average.length; i++) {
        average[i] += token.scores()[i] / tokens.size();
      }
    }
    return average;
  }

  /** Neighbours of one kind, unless a {@code B-} begins anew. */
  private List<Entity> grouped(List<Entity> entities) {
    List<Entity> groups = new ArrayList<>();
    List<Entity> group = new ArrayList<>();
    for (Entity entity : entities) {
      boolean continues =
          !group.isEmpty()
              && kind(entity.label()).equals(kind(group.getLast().label()))
              && !entity.label().startsWith("B-");
      if (!group.isEmpty() && !continues) {
        groups.add(group(group));
        group.clear();
      }
      group.add(entity);
    }
    if (!group.isEmpty()) {
      groups.add(group(group));
    }
    return groups;
  }

  private static String kind(String label) {
    return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
  }

  private Entity group(List<Entity> entities) {
    String label = entities.getFirst().label();
    return new Entity(
        label.substring(label.indexOf('-') + 1),
        entities.stream().mapToDouble(Entity::score).average().orElseThrow(),
        join.apply(entities.stream().map(Entity::word).toList()),
        OptionalInt.empty(),
        entities.getFirst().start(),
        entities.getLast().end());
  }

  /** Of entities that windows found in the same place, the longer one, then the more certain. */
  static List<Entity> withoutOverlaps(List<Entity> entities) {
    List<Entity> kept = new ArrayList<>();
    for (Entity entity :
        entities.stream().sorted(Comparator.comparingInt(Entity::start)).toList()) {
      Entity last = kept.isEmpty() ? entity : kept.getLast();
      boolean overlaps =
          !kept.isEmpty() && last.start() <= entity.start() && entity.start() < last.end();
      if (!overlaps) {
        kept.add(entity);
      } else if (length(entity) > length(last)
          || (length(entity) == length(last) && entity.score() > last.score())) {
        kept.set(kept.size() - 1, entity);
      }
    }
    return kept;
  }

  private static int length(Entity entity) {
    return entity.end() - entity.start();
  }
}
