package io.pigeonhole.trainer.recipe;

/**
 * Numbers that are allowed.
 *
 * @param least the smallest
 * @param most the greatest
 * @param open whether the greatest itself is too much
 */
record Range(double least, double most, boolean open) {

  /** Both ends allowed. */
  static Range of(double least, double most) {
    return new Range(least, most, false);
  }

  /** The greatest itself not allowed. */
  static Range below(double least, double most) {
    return new Range(least, most, true);
  }

  boolean contains(double value) {
    return value >= least && (open ? value < most : value <= most);
  }

  /** Some number that is allowed. */
  double inside() {
    return least;
  }

  @Override
  public String toString() {
    return "a number from %s to %s%s"
        .formatted(plain(least), open ? "below " : "", plain(most))
        .replace("to below", "to less than");
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
