package io.slipway.datasets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Divides the rows of each label on its own. Rows with the same text form a group, which has the
 * label of its first row; groups are shuffled by the seed and dealt out until each part has its
 * share. The first group of a label always goes to the train part.
 */
final class Stratification {

  private final Split split;
  private final RowIndex rows;
  private final long[] groups;
  private final int[] groupSizes;
  private final int[] groupLabels;
  private final Part[] groupParts;

  Stratification(Split split, RowIndex rows) {
    this.split = split;
    this.rows = rows;
    this.groups = Arrays.stream(rows.textKeys()).sorted().distinct().toArray();
    this.groupSizes = new int[groups.length];
    this.groupLabels = new int[groups.length];
    this.groupParts = new Part[groups.length];
    for (int row = 0; row < rows.textKeys().length; row++) {
      int group = groupOf(row);
      if (groupSizes[group]++ == 0) {
        groupLabels[group] = rows.rowLabels()[row];
      }
    }
  }

  private int groupOf(int row) {
    return Arrays.binarySearch(groups, rows.textKeys()[row]);
  }

  SplitAssignment assign() {
    List<List<Integer>> groupsByLabel = new ArrayList<>();
    rows.labels().forEach(label -> groupsByLabel.add(new ArrayList<>()));
    for (int group = 0; group < groups.length; group++) {
      groupsByLabel.get(groupLabels[group]).add(group);
    }
    groupsByLabel.forEach(this::deal);
    Part[] parts = new Part[rows.textKeys().length];
    Arrays.setAll(parts, row -> groupParts[groupOf(row)]);
    return new SplitAssignment(parts, rows.rowLabels(), rows.labels());
  }

  private void deal(List<Integer> groupsOfLabel) {
    groupsOfLabel.sort(
        Comparator.comparingLong((Integer group) -> mix(groups[group] ^ mix(split.seed())))
            .thenComparing(group -> groups[group]));
    long total = groupsOfLabel.stream().mapToLong(group -> groupSizes[group]).sum();
    long testLeft = share(split.testFraction(), total, groupsOfLabel.size());
    long validationLeft = share(split.validationFraction(), total, groupsOfLabel.size());
    for (int i = 0; i < groupsOfLabel.size(); i++) {
      int group = groupsOfLabel.get(i);
      int size = groupSizes[group];
      if (i > 0 && size <= testLeft) {
        groupParts[group] = Part.TEST;
        testLeft -= size;
      } else if (i > 0 && size <= validationLeft) {
        groupParts[group] = Part.VALIDATION;
        validationLeft -= size;
      } else {
        groupParts[group] = Part.TRAIN;
      }
    }
  }

  /** A label with at least three different texts is in every part that is wanted. */
  private static long share(double fraction, long rows, int groups) {
    long rounded = Math.round(fraction * rows);
    return fraction > 0 && groups >= 3 ? Math.max(1, rounded) : rounded;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
