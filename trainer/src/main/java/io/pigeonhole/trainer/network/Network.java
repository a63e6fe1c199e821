package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.recipe.Layer;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

/** A recipe's layers with their sizes resolved: which parameters there are, and the way forward. */
public final class Network {

  /** Added to a variance before its root is taken. */
  static final float EPSILON = 1e-5f;

  private final List<Row> rows;
  private final Form out;

  private Network(List<Row> rows, Form out) {
    this.rows = rows;
    this.out = out;
  }

  /** A layer with its name and the {@code [height, width, channels]} or {@code [units]} it gets. */
  record Row(String name, Layer layer, Form in) {}

  /** Size of what flows between two rows; height and width are 1 once flattened. */
  record Form(int height, int width, int channels) {
    int values() {
      return height * width * channels;
    }
  }

  /**
   * Resolves the sizes of a recipe's layers.
   *
   * @param size side of the square input image
   * @param channels of the input image
   * @throws IllegalArgumentException if an image gets too small for a layer
   */
  public static Network of(List<Layer> layers, int size, int channels) {
    List<Row> rows = new ArrayList<>();
    Form form = new Form(size, size, channels);
    for (Layer layer : layers) {
      Row row = new Row("row" + rows.size(), layer, form);
      rows.add(row);
      form = after(row);
      if (form.height() < 1 || form.width() < 1) {
        throw new IllegalArgumentException(
            "layer " + rows.size() + " (" + layer + ") leaves nothing of images of side " + size);
      }
    }
    return new Network(List.copyOf(rows), form);
  }

  private static Form after(Row row) {
    Form in = row.in();
    if (row.layer() instanceof Layer.Whitening whitening) {
      int lost = whitening.size() - 1;
      int filters = 2 * whitening.size() * whitening.size() * in.channels();
      return new Form(in.height() - lost, in.width() - lost, filters);
    }
    if (row.layer() instanceof Layer.Conv conv) {
      int lost = conv.padding() == Layer.Padding.VALID ? conv.size() - 1 : 0;
      return new Form(
          (in.height() - lost) / conv.pool(), (in.width() - lost) / conv.pool(), conv.filters());
    }
    if (row.layer() instanceof Layer.GlobalMax) {
      return new Form(1, 1, in.channels());
    }
    if (row.layer() instanceof Layer.Flatten) {
      return new Form(1, 1, in.values());
    }
    if (row.layer() instanceof Layer.Dense dense) {
      return new Form(1, 1, dense.units());
    }
    return in;
  }

  /** Number of scores of an image. */
  int classes() {
    return out.values();
  }

  List<Row> rows() {
    return rows;
  }

  /** All parameters, in the order of the rows. */
  List<Parameter> parameters() {
    return rows.stream().flatMap(row -> parameters(row).stream()).toList();
  }

  private static List<Parameter> parameters(Row row) {
    String name = row.name();
    int channels = row.in().channels();
    List<Parameter> list = new ArrayList<>();
    if (row.layer() instanceof Layer.Standardise) {
      list.add(new Parameter(name, Role.MEAN, Shape.of(channels)));
      list.add(new Parameter(name, Role.VARIANCE, Shape.of(channels)));
    } else if (row.layer() instanceof Layer.Whitening whitening) {
      int size = whitening.size();
      int filters = 2 * size * size * channels;
      list.add(new Parameter(name, Role.FILTERS, Shape.of(size, size, channels, filters)));
    } else if (row.layer() instanceof Layer.Conv conv) {
      Shape kernel = Shape.of(conv.size(), conv.size(), channels, conv.filters());
      list.add(new Parameter(name, Role.KERNEL, kernel));
      list.add(new Parameter(name, conv.norm() ? Role.SHIFT : Role.BIAS, Shape.of(conv.filters())));
      if (conv.norm()) {
        list.add(new Parameter(name, Role.MEAN, Shape.of(conv.filters())));
        list.add(new Parameter(name, Role.VARIANCE, Shape.of(conv.filters())));
      }
    } else if (row.layer() instanceof Layer.Dense dense) {
      list.add(new Parameter(name, Role.KERNEL, Shape.of(row.in().values(), dense.units())));
      if (dense.bias()) {
        list.add(new Parameter(name, Role.BIAS, Shape.of(dense.units())));
      }
    }
    return list;
  }

  /**
   * The way from bytes to class scores.
   *
   * @param images {@code uint8 [n, size, size, channels]}
   * @param type precision of what flows between the rows
   * @return scores {@code float32 [n, classes]}, unnormalised
   */
  <T extends TFloating> Operand<TFloat32> scores(
      Ops tf, Operand<TUint8> images, Source source, Class<T> type) {
    Forward<T> forward = new Forward<>(tf, source, type);
    Operand<TFloat32> bytes = tf.dtypes.cast(images, TFloat32.class);
    int first = 0;
    if (rows.get(0).layer() instanceof Layer.Rescale) {
      bytes = tf.math.mul(bytes, tf.constant(1 / 255f));
      first = 1;
    } else if (rows.get(0).layer() instanceof Layer.Standardise) {
      bytes = forward.standardise(rows.get(0), bytes);
      first = 1;
    }
    Operand<T> values = tf.dtypes.cast(bytes, type);
    for (Row row : rows.subList(first, rows.size())) {
      values = forward.apply(row, values);
    }
    return tf.dtypes.cast(values, TFloat32.class);
  }
}
