package io.pigeonhole.trainer.recipe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Gathers what is wrong with a file, so that it can be told at once. */
final class Mistakes {

  /** More of them help nobody. */
  private static final int MOST = 20;

  private final String file;
  private final List<Mistake> found = new ArrayList<>();

  private record Mistake(int line, String text) {}

  Mistakes(String file) {
    this.file = file;
  }

  /**
   * Notes a mistake.
   *
   * @param key with the keys around it, or empty
   * @param text what was found and what is allowed
   */
  void add(Node node, String key, String text) {
    add(node.getStartMark().map(Mark::getLine).orElse(0) + 1, key, text);
  }

  void add(int line, String key, String text) {
    if (found.size() < MOST) {
      String where = key.isEmpty() ? "" : key + ": ";
      found.add(new Mistake(line, "%s:%d: %s%s".formatted(file, line, where, text)));
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  int count() {
    return found.size();
  }

  /** Tells all mistakes from top to bottom, if there are any. */
  void throwAny() throws InvalidRecipeException {
    if (!found.isEmpty()) {
      throw new InvalidRecipeException(
          found.stream()
              .sorted(Comparator.comparingInt(Mistake::line))
              .map(Mistake::text)
              .toList());
    }
  }
}
