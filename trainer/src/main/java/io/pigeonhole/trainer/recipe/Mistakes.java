package io.pigeonhole.trainer.recipe;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Gathers what is wrong with a file, so that it can be told at once. */
final class Mistakes {

  /** More of them help nobody. */
  private static final int MOST = 20;

  private final String file;
  private final List<String> found = new ArrayList<>();

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
      found.add("%s:%d: %s%s".formatted(file, line, key.isEmpty() ? "" : key + ": ", text));
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Tells all mistakes, if there are any. */
  void throwAny() throws InvalidRecipeException {
    if (!found.isEmpty()) {
      throw new InvalidRecipeException(found);
    }
  }
}
