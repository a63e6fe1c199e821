package io.pigeonhole.trainer.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A confusion matrix for people.
 *
 * @param classes names
 * @param counts {@code [right class][given class]}
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record ConfusionTable(List<String> classes, int[][] counts) {

  /** More classes make no table that could be read. */
  private static final int MOST_CLASSES = 30;

  private static final int MOST_PAIRS = 20;

  /** The images of one class. */
  record Row(String name, List<Cell> cells) {}

  /**
   * The images of one class that were given one class.
   *
   * @param count of them
   * @param hit whether the two are the same
   * @param share of the class' images, for the shade
   * @param title in words
   */
  record Cell(int count, boolean hit, String share, String title) {}

  /** Two classes of which one is taken for the other. */
  record Pair(String right, String given, int count) {}

  boolean fits() {
    return classes.size() <= MOST_CLASSES;
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int right = 0; right < classes.size() && fits(); right++) {
      int all = Math.max(1, Arrays.stream(counts[right]).sum());
      List<Cell> cells = new ArrayList<>();
      for (int given = 0; given < classes.size(); given++) {
        int count = counts[right][given];
        cells.add(
            new Cell(
                count,
                right == given,
                String.format(Locale.ROOT, "%.3f", (double) count / all),
                "%s taken for %s: %d".formatted(classes.get(right), classes.get(given), count)));
      }
      rows.add(new Row(classes.get(right), cells));
    }
    return rows;
  }

  /** Those most often confused. */
  List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (int right = 0; right < classes.size(); right++) {
      for (int given = 0; given < classes.size(); given++) {
        if (right != given && counts[right][given] > 0) {
          pairs.add(new Pair(classes.get(right), classes.get(given), counts[right][given]));
        }
      }
    }
    pairs.sort(Comparator.comparingInt(Pair::count).reversed());
    return pairs.subList(0, Math.min(MOST_PAIRS, pairs.size()));
  }
}
