package io.pigeonhole.trainer.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files of a data set that could not be used.
 *
 * @param count of all
 * @param first some of them
 * @param all a file with all, one a line: code, tab, name; empty if the set has no such files
 */
public record SkippedImages(long count, List<Skipped> first, Optional<Path> all) {

  /** Nothing was skipped. */
  public static final SkippedImages NONE = new SkippedImages(0, List.of(), Optional.empty());

  /**
   * A file that could not be used.
   *
   * @param key its name in the data set
   * @param code one of {@link io.pigeonhole.image.ImageError}; {@code unreadable}: no permission, a
   *     broken link, or gone since it was listed; {@code no-class}: in no folder; {@code
   *     new-class}: of a class that only corrections name, and too few of them
   */
  public record Skipped(String key, String code) {}
}
