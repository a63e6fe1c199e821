package io.pigeonhole.config;

import java.util.Set;

/**
 * What is written of an image.
 *
 * @param result whether its result is
 * @param tags those of {@link #TAGS} that it gets; none if it is not tagged
 * @param index whether it is listed by its label; only with results, which know where it was before
 * @param lines whether it is a line of an object for each invocation of backfill
 */
public record Outputs(boolean result, Set<String> tags, boolean index, boolean lines) {
  public static final String LABEL = "label";
  public static final String CONFIDENCE = "confidence";
  public static final String MODEL = "model";

  /** All tags that there are; {@code review} comes in the place of {@code label}. */
  public static final Set<String> TAGS = Set.of(LABEL, CONFIDENCE, MODEL);

  public static final Outputs ALL = new Outputs(true, TAGS, true, false);

  public Outputs {
    tags = Set.copyOf(tags);
    if (index && !result) {
      throw new IllegalArgumentException("an index needs results");
    }
  }

  /** Without lines. */
  public Outputs(boolean result, Set<String> tags, boolean index) {
    this(result, tags, index, false);
  }

  /** Whether anything is written of an image itself. */
  public boolean isEmpty() {
    return !result && !follow();
  }

  /** Whether something follows the result: then it takes a look whether that still stands. */
  public boolean follow() {
    return index || !tags.isEmpty();
  }
}
