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
   *     broken link, or gone since it was listed, or a line of a list; {@code no-class}: in no
   *     folder, without a label, or none of the classes, as a person says; {@code new-class}: of a
   *     class that only corrections name, and too few of them. Of what a list names: {@code
   *     missing}: not there; {@code several}: without an ending, and there are some that it may be;
   *     {@code outside}: of the images' folder; {@code two-classes}: with one label here and
   *     another there
   */
  public record Skipped(String key, String code) {}
}
