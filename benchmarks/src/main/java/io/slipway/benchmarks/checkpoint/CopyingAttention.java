package io.slipway.benchmarks.checkpoint;

import io.slipway.benchmarks.checkpoint.RandomWeights.Cell;

/**
 * Attention that begins as copying. The columns of a state are in four parts, each as wide as a
 * head: of its place, two of its token, and of the token before it. A head of the encoder notes
 * with each token the one before it. The decoder takes the last token that was written for the one
 * before, which leaves the token's place empty, looks where the source has the same before, and
 * brings the token that stands there. Which tokens are passed over is left to be learned.
 *
 * @see <a href="https://arxiv.org/abs/2209.11895">Olsson et al. 2022, on induction heads</a>
 */
final class CopyingAttention {

  private static final int SIZE = BartLayout.HIDDEN;
  private static final int PART = SIZE / BartLayout.HEADS;
  private static final int TOKEN = PART;
  private static final int BEFORE = 3 * PART;

  /** Of tokens; large enough for what is copied to be seen among all others. */
  private static final double DEVIATION = 0.1;

  private static final double PLACES = 0.2;

  /** What queries and keys are multiplied with: of places, so that only one counts; of tokens. */
  private static final double NEAR = 2.5;

  private static final double ALIKE = 1.5;

  private CopyingAttention() {}

  static void tokens(RandomWeights weights, String name, int rows) {
    double scale = DEVIATION / BartLayout.DEVIATION;
    weights.cells(
        name,
        rows,
        SIZE,
        (row, column) -> column >= TOKEN && column < BEFORE ? weights.drawn() * scale : 0);
  }

  static void places(RandomWeights weights, String name, int rows) {
    weights.sinusoids(name, rows, SIZE, PART, PLACES);
  }

  /** The encoder's first: a head attends to the place before, and notes its token. */
  static void note(RandomWeights weights, String name) {
    heads(weights, name + ".q_proj", 1, CopyingAttention::back, NEAR);
    heads(weights, name + ".k_proj", 1, CopyingAttention::same, NEAR);
    values(weights, name, 1, (row, column) -> same(row, BEFORE + column));
  }

  /** The decoder's first: two heads attend to the place itself, and move its token. */
  static void move(RandomWeights weights, String name) {
    heads(weights, name + ".q_proj", 2, (row, column) -> same(row % PART, column), NEAR);
    heads(weights, name + ".k_proj", 2, (row, column) -> same(row % PART, column), NEAR);
    values(
        weights, name, 2, (row, column) -> same(row, BEFORE + column) - same(row, TOKEN + column));
  }

  /** The decoder's last to the source: two heads attend to the same before, and bring the token. */
  static void bring(RandomWeights weights, String name) {
    heads(weights, name + ".q_proj", 2, (row, column) -> same(BEFORE + row % PART, column), ALIKE);
    heads(weights, name + ".k_proj", 2, (row, column) -> same(BEFORE + row % PART, column), ALIKE);
    values(weights, name, 2, (row, column) -> same(row, TOKEN + column));
  }

  /** The first heads of queries or keys are given; the others begin as what they read. */
  private static void heads(
      RandomWeights weights, String name, int heads, Cell cell, double factor) {
    weights.layer(
        name,
        SIZE,
        (row, column) -> row < heads * PART ? factor * cell.at(row, column) : same(row, column));
  }

  /** The first heads read the token, and put it where they are told; the others are drawn. */
  private static void values(RandomWeights weights, String name, int heads, Cell out) {
    weights.layer(
        name + ".v_proj",
        SIZE,
        (row, column) -> row < heads * PART ? same(TOKEN + row, column) : weights.drawn());
    weights.layer(
        name + ".out_proj",
        SIZE,
        (row, column) -> column < heads * PART ? out.at(row, column) : weights.drawn());
  }

  private static double same(int row, int column) {
    return row == column ? 1 : 0;
  }

  /** Turns the sine and the cosine of a place into those of the place before. */
  private static double back(int row, int column) {
    if (row / 2 != column / 2) {
      return 0;
    }
    double radians = RandomWeights.radians(row, PART);
    return row == column ? Math.cos(radians) : (row > column ? 1 : -1) * Math.sin(radians);
  }
}
