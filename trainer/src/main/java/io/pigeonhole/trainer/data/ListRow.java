package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.util.Set;

/**
 * A row of a list of images.
 *
 * @param line its number, from 1
 * @param readable whether it could be taken apart
 * @param image as the list names it; may be blank
 * @param labels those that are not blank
 */
record ListRow(long line, boolean readable, String image, Set<String> labels) {

  /** Hears the rows, in their order. */
  @FunctionalInterface
  interface Reader {
    void row(ListRow row) throws IOException;
  }

  static ListRow unreadable(long line) {
    return new ListRow(line, false, "", Set.of());
  }
}
