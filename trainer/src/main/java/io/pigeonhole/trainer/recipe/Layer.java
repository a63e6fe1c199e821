package io.pigeonhole.trainer.recipe;

import java.util.Optional;

/**
 * One row of a network, in the order in which an image meets them. The row in front of it fixes its
 * input; the last row's {@link Dense} makes the class scores.
 */
public sealed interface Layer {

  /**
   * What the row makes of its input; by default, as much.
   *
   * @throws IllegalArgumentException if it cannot follow; the message says why
   */
  default Form output(Form in) {
    return in;
  }

  /** Bytes to 0..1. */
  record Rescale() implements Layer {}

  /** Bytes to zero mean and unit variance a channel, by the training images' statistics. */
  record Standardise() implements Layer {}

  /**
   * Bytes to the features of a network of others: {@code [h,w,3] → [count]}.
   *
   * @param graph the network; empty as long as it is not known
   * @param covariances whether the covariances of its inner maps are features, too
   * @param trained part of its weights, the last ones, that is trained along with the rows after
   *     it, 0 to 1
   */
  record Base(Optional<BaseGraph> graph, boolean covariances, double trained) implements Layer {

    /** Of a network that is not known yet: as many as most for ImageNet have. */
    private static final int USUAL_FEATURES = 1280;

    @Override
    public Form output(Form in) {
      return Form.list(graph.map(BaseGraph::count).orElse(USUAL_FEATURES));
    }
  }

  /**
   * A frozen bank of {@code 2·size·size·channels} filters computed from training patches (their
   * principal components, scaled to unit variance, and the negatives of those), then ReLU. It gives
   * the first trained layer uncorrelated inputs, and no gradient has to reach it.
   *
   * @param size side of the square patch in pixels
   */
  record Whitening(int size) implements Layer {
    @Override
    public Form output(Form in) {
      in.requirePixels();
      int lost = size - 1;
      int filters = 2 * size * size * in.channels();
      return new Form(in.height() - lost, in.width() - lost, filters, false);
    }
  }

  /**
   * Convolution, pooling, normalisation or bias, the row's own input if it is residual, activation,
   * in this order. Pooling comes before the activation: a quarter of the values is left to
   * activate, and with ReLU the two commute.
   *
   * @param filters number of output channels
   * @param size side of the square kernel in pixels
   * @param padding what happens at the border
   * @param stride pixels from one place of the kernel to the next
   * @param pool side and stride of the max pooling; 1 for none
   * @param norm batch normalisation with a trained bias and no trained scale, instead of a bias
   * @param residual whether what the row was given is added (arXiv:1512.03385); it must have the
   *     output's size
   * @param activation what follows
   */
  record Conv(
      int filters,
      int size,
      Padding padding,
      int stride,
      int pool,
      boolean norm,
      boolean residual,
      Activation activation)
      implements Layer {

    /** A convolution at every place of its input, and ReLU. */
    public Conv(int filters, int size, Padding padding, int pool, boolean norm) {
      this(filters, size, padding, 1, pool, norm, false, Activation.RELU);
    }

    @Override
    public Form output(Form in) {
      in.requirePixels();
      Form out = new Form(places(in.height()), places(in.width()), filters, false);
      if (residual && !out.equals(in)) {
        throw new IllegalArgumentException(
            "is residual, so its output must be of its input's size: %d×%d×%d is not %d×%d×%d"
                .formatted(
                    out.height(),
                    out.width(),
                    out.channels(),
                    in.height(),
                    in.width(),
                    in.channels()));
      }
      return out;
    }

    /** As many as there are of the pooled kernel on a side. */
    private int places(int side) {
      int lost = padding == Padding.VALID ? size - 1 : 0;
      return Math.floorDiv(side - lost + stride - 1, stride) / pool;
    }
  }

  /** Takes the greatest value of each channel: {@code [h,w,c] → [c]}. */
  record GlobalMax() implements Layer {
    @Override
    public Form output(Form in) {
      in.requirePixels();
      return Form.list(in.channels());
    }
  }

  /** Takes the mean of each channel: {@code [h,w,c] → [c]}. */
  record GlobalAverage() implements Layer {
    @Override
    public Form output(Form in) {
      in.requirePixels();
      return Form.list(in.channels());
    }
  }

  /** {@code [h,w,c] → [h·w·c]}. */
  record Flatten() implements Layer {
    @Override
    public Form output(Form in) {
      in.requirePixels();
      return Form.list(in.values());
    }
  }

  /**
   * Forgets some of the values in training (N. Srivastava et al., JMLR 15, 2014); what is left is
   * scaled up to make up for them.
   *
   * @param rate part that is forgotten, 0 to 1
   */
  record Dropout(double rate) implements Layer {}

  /**
   * A fully connected row.
   *
   * @param units outputs; {@link #CLASSES} for one a class of the data
   * @param activation what follows
   * @param bias whether a bias is added
   * @param scale factor on the outputs, 1 for none
   */
  record Dense(int units, Activation activation, boolean bias, double scale) implements Layer {

    /** As many units as the data has classes. */
    public static final int CLASSES = 0;

    @Override
    public Form output(Form in) {
      in.requireList();
      return Form.list(units);
    }
  }

  /** A function of each value on its own. */
  enum Activation {
    /** The value itself. */
    NONE,
    /** The value, or 0 if that is more. */
    RELU,
    /** The value {@code x} times the sigmoid of {@code 1.702·x} (arXiv:1606.08415, section 2). */
    GELU
  }

  /** What a convolution does at the border. */
  enum Padding {
    /** Zeros outside: the output is as large as the input, divided by the stride. */
    SAME,
    /** Only whole patches: the output shrinks by {@code size - 1}. */
    VALID
  }
}
