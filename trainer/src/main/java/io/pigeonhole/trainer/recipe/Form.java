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

  /** Of a base that is not known yet: as many as most networks for ImageNet have. */
  private static final int USUAL_FEATURES = 1280;

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
    Form next = next(layer);
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

  private Form next(Layer layer) {
    if (layer instanceof Layer.Base base) {
      return new Form(1, 1, base.graph().map(BaseGraph::count).orElse(USUAL_FEATURES), true);
    }
    if (layer instanceof Layer.Whitening whitening) {
      requirePixels();
      int lost = whitening.size() - 1;
      int filters = 2 * whitening.size() * whitening.size() * channels;
      return new Form(height - lost, width - lost, filters, false);
    }
    if (layer instanceof Layer.Conv conv) {
      requirePixels();
      return after(conv);
    }
    if (layer instanceof Layer.GlobalMax || layer instanceof Layer.GlobalAverage) {
      requirePixels();
      return new Form(1, 1, channels, true);
    }
    if (layer instanceof Layer.Flatten) {
      requirePixels();
      return new Form(1, 1, values(), true);
    }
    if (layer instanceof Layer.Dense dense) {
      if (!flat) {
        throw new IllegalArgumentException(
            "needs a list of values and is given %d×%d pixels; flatten, global-max or"
                    .formatted(height, width)
                + " global-average comes before it");
      }
      return new Form(1, 1, dense.units(), true);
    }
    return this;
  }

  private void requirePixels() {
    if (flat) {
      throw new IllegalArgumentException("needs pixels, and the layers before it left none");
    }
  }

  private Form after(Layer.Conv conv) {
    int lost = conv.padding() == Layer.Padding.VALID ? conv.size() - 1 : 0;
    int stride = conv.stride();
    Form next =
        new Form(
            Math.floorDiv(height - lost + stride - 1, stride) / conv.pool(),
            Math.floorDiv(width - lost + stride - 1, stride) / conv.pool(),
            conv.filters(),
            false);
    if (conv.residual() && !next.equals(this)) {
      throw new IllegalArgumentException(
          "is residual, so its output must be of its input's size: %d×%d×%d is not %d×%d×%d"
              .formatted(next.height, next.width, next.channels, height, width, channels));
    }
    return next;
  }
}
