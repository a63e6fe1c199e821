package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Augmentation.Fill;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * An image of no class, made of views of several images: their colours, edges and noise are there,
 * but nothing that a class is known by.
 *
 * @param kind how they are put together
 * @param views {@link #VIEWS} of them, of one set of images
 * @param jitter of the whole
 * @param jpeg quality of the file that it has been in, 1 to 100; 0 for none
 * @param seed of what is drawn on the way
 */
record Outlier(Kind kind, List<View> views, Jitter jitter, int jpeg, long seed) {

  /** Views that the kind with the most of them takes. */
  static final int VIEWS = 7;

  private static final int CHANNELS = Images.CHANNELS;

  /** Copies of a picture that are laid over each other to get its texture. */
  private static final int COPIES = 12;

  private static final int MOST_SHAPES = 3;

  /** How views are put together. */
  enum Kind {
    /** Half the squares of a board, shuffled: the parts are there, the whole is not. */
    SHUFFLED,
    /** Half a view, mirrored again and again. */
    KALEIDOSCOPE,
    /** The texture of a view, without its shapes: spot noise (J. van Wijk, 1991). */
    TEXTURE,
    /** Parts of views, cut out as blobs, on another one: dead leaves (G. Matheron, 1968). */
    LEAVES,
    /** One to three blobs of a texture or a colour, on a texture or a colour. */
    SHAPES
  }

  static Outlier drawn(List<View> views, Jitter jitter, JpegFiles files, SplittableRandom random) {
    Kind[] kinds = Kind.values();
    Kind kind = kinds[random.nextInt(kinds.length)];
    long seed = random.nextLong();
    return new Outlier(kind, views, jitter, files.quality(seed), seed);
  }

  private int size() {
    return views.get(0).images().size();
  }

  /**
   * Paints the image, {@code [size, size, 3]}.
   *
   * @param pixels room for an image as it is
   */
  void paint(byte[] pixels, byte[] target) {
    SplittableRandom random = new SplittableRandom(seed);
    switch (kind) {
      case SHUFFLED -> shuffle(view(0, pixels), random.nextBoolean() ? 2 : 4, random, target);
      case KALEIDOSCOPE -> mirror(view(0, pixels), random, target);
      case TEXTURE -> texture(view(0, pixels), random, target);
      case LEAVES -> {
        views.get(0).paint(pixels, target);
        for (int i = 1; i < VIEWS; i++) {
          Blob.drawn(size(), random).fill(view(i, pixels), target);
        }
      }
      case SHAPES -> {
        paintAnything(0, pixels, random, target);
        byte[] shape = new byte[target.length];
        int shapes = random.nextInt(1, MOST_SHAPES + 1);
        for (int i = 1; i <= shapes; i++) {
          paintAnything(i, pixels, random, shape);
          Blob.drawn(size(), random).fill(shape, target);
        }
      }
    }
    if (jpeg > 0) {
      JpegFiles.leaveTraces(target, size(), jpeg);
      shift(target.clone(), target);
    }
    jitter.change(target, size());
  }

  /** As far as the first view is: the blocks of a file are not always in the same place. */
  private void shift(byte[] from, byte[] target) {
    View first = views.get(0);
    for (int y = 0; y < size(); y++) {
      int row = Border.inside(Fill.REFLECT, y + first.down(), size());
      for (int x = 0; x < size(); x++) {
        int column = Border.inside(Fill.REFLECT, x + first.right(), size());
        System.arraycopy(from, place(row, column), target, place(y, x), CHANNELS);
      }
    }
  }

  private byte[] view(int number, byte[] pixels) {
    byte[] view = new byte[pixels.length];
    views.get(number).paint(pixels, view);
    return view;
  }

  /** Anything without shapes that one would know. */
  private void paintAnything(int number, byte[] pixels, SplittableRandom random, byte[] target) {
    switch (random.nextInt(5)) {
      case 0 -> mirror(view(number, pixels), random, target);
      case 1 -> texture(view(number, pixels), random, target);
      case 2 -> shuffle(view(number, pixels), 4, random, target);
      default -> colour(random, target);
    }
  }

  private void shuffle(byte[] view, int squares, SplittableRandom random, byte[] target) {
    System.arraycopy(view, 0, target, 0, view.length); // what the squares leave over
    int side = size() / squares;
    int[] order = IntStream.range(0, squares * squares).toArray();
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int square = order[i];
      order[i] = order[other];
      order[other] = square;
    }
    for (int i = 0; i < order.length; i++) {
      for (int y = 0; y < side; y++) {
        int from = place(order[i] / squares * side + y, order[i] % squares * side);
        int to = place(i / squares * side + y, i % squares * side);
        System.arraycopy(view, from, target, to, side * CHANNELS);
      }
    }
  }

  /** Half of each axis there and back again, from anywhere. */
  private void mirror(byte[] view, SplittableRandom random, byte[] target) {
    int size = size();
    int half = size / 2;
    int top = random.nextInt(size - half + 1);
    int left = random.nextInt(size - half + 1);
    int down = random.nextInt(2 * half);
    int right = random.nextInt(2 * half);
    for (int y = 0; y < size; y++) {
      int row = top + thereAndBack(y + down, half);
      for (int x = 0; x < size; x++) {
        int from = place(row, left + thereAndBack(x + right, half));
        System.arraycopy(view, from, target, place(y, x), CHANNELS);
      }
    }
  }

  private static int thereAndBack(int place, int length) {
    int inPeriod = place % (2 * length);
    return inPeriod < length ? inPeriod : 2 * length - 1 - inPeriod;
  }

  /** The same frequencies in all places: the picture, moved about and added up. */
  private void texture(byte[] view, SplittableRandom random, byte[] target) {
    int size = size();
    float[] sum = new float[target.length];
    double squares = 0;
    float whole = 0;
    for (int copy = 0; copy < COPIES; copy++) {
      float weight = (float) random.nextDouble(-1, 1);
      squares += weight * weight;
      whole += weight;
      int down = random.nextInt(size);
      int right = random.nextInt(size);
      for (int y = 0; y < size; y++) {
        int row = (y + down) % size;
        for (int x = 0; x < size; x++) {
          int from = place(row, (x + right) % size);
          int to = place(y, x);
          for (int channel = 0; channel < CHANNELS; channel++) {
            sum[to + channel] += weight * (view[from + channel] & 0xff);
          }
        }
      }
    }
    float[] mean = mean(view);
    for (int i = 0; i < sum.length; i++) {
      sum[i] -= whole * mean[i % CHANNELS];
    }
    for (int i = 0; i < target.length; i++) {
      target[i] = value(mean[i % CHANNELS] + sum[i] / Math.sqrt(squares));
    }
  }

  private float[] mean(byte[] picture) {
    float[] mean = new float[CHANNELS];
    for (int i = 0; i < picture.length; i++) {
      mean[i % CHANNELS] += (picture[i] & 0xff) * (float) CHANNELS / picture.length;
    }
    return mean;
  }

  /** A colour that changes evenly across the picture. */
  private void colour(SplittableRandom random, byte[] target) {
    int size = size();
    double light = random.nextDouble(255);
    double down = random.nextDouble(-50, 50);
    double right = random.nextDouble(-50, 50);
    double[] colour = new double[CHANNELS];
    for (int channel = 0; channel < CHANNELS; channel++) {
      colour[channel] = light + random.nextDouble(-50, 50);
    }
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        double slope = down * (2.0 * y / size - 1) + right * (2.0 * x / size - 1);
        for (int channel = 0; channel < CHANNELS; channel++) {
          target[place(y, x) + channel] = value(colour[channel] + slope);
        }
      }
    }
  }

  private static byte value(double value) {
    return (byte) Math.max(0, Math.min(255, Math.round(value)));
  }

  private int place(int row, int column) {
    return (row * size() + column) * CHANNELS;
  }
}
