package io.slipway.standalone.starterhub;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Composes messages: what they are about, and all that people write around it. */
final class Customer {
  /** Messages that speak of two teams' matters. */
  private static final double AMBIGUOUS = 0.025;

  /** Messages that were given to a team that has nothing to do with them. */
  private static final double MISROUTED = 0.015;

  private static final double OPENING = 0.45;
  private static final double CONTEXT = 0.3;
  private static final double SECOND_MATTER = 0.2;
  private static final double DETAIL = 0.45;
  private static final double CLOSING = 0.45;

  private final MessageGrammar grammar;
  private final Random random;

  Customer(MessageGrammar grammar, Random random) {
    this.grammar = grammar;
    this.random = random;
  }

  SupportMessage writesTo(SupportTeam team) {
    List<String> parts = new ArrayList<>();
    maybe(OPENING, "opening", parts);
    maybe(CONTEXT, "context", parts);
    double truth = random.nextDouble();
    if (truth < AMBIGUOUS) {
      boolean own = random.nextBoolean();
      SupportTeam other = another(team);
      matterOf(own ? team : other, parts);
      matterOf(own ? other : team, parts);
    } else {
      SupportTeam about = truth < AMBIGUOUS + MISROUTED ? another(team) : team;
      matterOf(about, parts);
      if (random.nextDouble() < SECOND_MATTER) {
        matterOf(about, parts);
      }
    }
    maybe(DETAIL, "detail", parts);
    maybe(CLOSING, "closing", parts);
    return new SupportMessage(Handwriting.of(String.join(" ", parts), random), team);
  }

  private void matterOf(SupportTeam team, List<String> parts) {
    parts.add(sentence(grammar.phrase(team.label(), random)));
  }

  private void maybe(double probability, String rule, List<String> parts) {
    if (random.nextDouble() < probability) {
      parts.add(sentence(grammar.phrase(rule, random)));
    }
  }

  private SupportTeam another(SupportTeam team) {
    SupportTeam[] teams = SupportTeam.values();
    return teams[(team.ordinal() + 1 + random.nextInt(teams.length - 1)) % teams.length];
  }

  private static String sentence(String phrase) {
    return Character.toUpperCase(phrase.charAt(0)) + phrase.substring(1);
  }
}
