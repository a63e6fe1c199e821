package io.pigeonhole.trainer.recipe;

/**
 * What flows between two rows of a network.
 *
 * @param height in pixels; 1 once flattened
 * @param width in pixels; 1 once flattened
 * @param channels or, once flattened, values
 * @param flat whether the values are a plain list
 */
public record Form(int height, int width, int channels, boolean flat) {

  private static final long MOST_VALUES = 1L << 27;

  /** A square image. */
  public static Form image(int size, int channels) {
    return new Form(size, size, channels, false);
  }

  /** Number of values. */
  public int values() {
    return height * width * channels;
  }

  /**
   * What a layer makes of it.
   *
   * @throws IllegalArgumentException if the layer cannot follow; the message says why
   */
  public Form after(Layer layer) {
    Form next = layer.output(this);
    if (next.height < 1 || next.width < 1) {
      throw new IllegalArgumentException(
          "leaves nothing of its input of %d×%d pixels".formatted(height, width));
    }
    if ((long) next.height * next.width * next.channels > MOST_VALUES) {
      throw new IllegalArgumentException(
          "makes %d×%d×%d values of an image; the most is %,d"
              .formatted(next.height, next.width, next.channels, MOST_VALUES));
    }
    return next;
  }

  /** A list of so many values. */
  static Form list(int values) {
    return new Form(1, 1, values, true);
  }

  void requireList() {
    if (!flat) {
      throw new IllegalArgumentException(
          "needs a list of values and is given %d×%d pixels; flatten, global-max or"
                  .formatted(height, width)
              + " global-average comes before it");
    }
  }

  void requirePixels() {
    if (flat) {
      throw new IllegalArgumentException("needs pixels, and the layers before it left none");
    }
  }
}
