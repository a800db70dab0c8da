package io.slipway.standalone.starterhub;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A naive Bayes classifier over words: the plainest that learns anything. */
final class WordCounts {
  private final Map<SupportTeam, Map<String, Integer>> counts = new EnumMap<>(SupportTeam.class);
  private final Map<SupportTeam, Integer> totals = new EnumMap<>(SupportTeam.class);
  private final Set<String> vocabulary = new HashSet<>();

  WordCounts(List<SupportMessage> messages) {
    for (SupportMessage message : messages) {
      for (String word : words(message.text())) {
        counts
            .computeIfAbsent(message.team(), team -> new HashMap<>())
            .merge(word, 1, Integer::sum);
        totals.merge(message.team(), 1, Integer::sum);
        vocabulary.add(word);
      }
    }
  }

  SupportTeam guess(String text) {
    SupportTeam best = SupportTeam.BILLING;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (SupportTeam team : SupportTeam.values()) {
      double score = 0;
      for (String word : words(text)) {
        int count = counts.get(team).getOrDefault(word, 0);
        score += Math.log((count + 1.0) / (totals.get(team) + vocabulary.size()));
      }
      if (score > bestScore) {
        best = team;
        bestScore = score;
      }
    }
    return best;
  }

  private static String[] words(String text) {
    return text.toLowerCase(Locale.ROOT).split("[^a-z]+");
  }
}
