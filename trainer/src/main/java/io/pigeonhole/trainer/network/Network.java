package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.recipe.BaseGraph;
import io.pigeonhole.trainer.recipe.Form;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
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

  /**
   * What a network says of images.
   *
   * @param features {@code float32 [n, own]} of a base alone, if the network begins with one
   * @param scores {@code float32 [n, classes]}, unnormalised
   */
  record Answers(Optional<Operand<TFloat32>> features, Operand<TFloat32> scores) {}

  /** A layer with its name and the {@code [height, width, channels]} or {@code [units]} it gets. */
  record Row(String name, Layer layer, Form in) {}

  /** A recipe's network at the recipe's image size. */
  static Network of(Recipe recipe) {
    return of(recipe.layers(), recipe.size(), recipe.channels());
  }

  /**
   * Resolves the sizes of a recipe's layers.
   *
   * @param size side of the square input image
   * @param channels that the network looks at
   * @throws IllegalArgumentException if a layer cannot follow the ones before it
   */
  public static Network of(List<Layer> layers, int size, int channels) {
    List<Row> rows = new ArrayList<>();
    Form form = Form.image(size, channels);
    for (Layer layer : layers) {
      rows.add(new Row("row" + rows.size(), layer, form));
      try {
        form = form.after(layer);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "layer %d (%s) of a network for images of side %d %s"
                .formatted(rows.size(), layer, size, e.getMessage()),
            e);
      }
    }
    return new Network(List.copyOf(rows), form);
  }

  /** Number of scores of an image. */
  int classes() {
    return out.values();
  }

  /** Channels of an image that it looks at. */
  int channels() {
    return rows.get(0).in().channels();
  }

  List<Row> rows() {
    return rows;
  }

  /** All parameters, in the order of the rows. */
  List<Parameter> parameters() {
    return rows.stream().flatMap(row -> parameters(row).stream()).toList();
  }

  /** The parameters of a row. */
  static List<Parameter> parameters(Row row) {
    String name = row.name();
    int channels = row.in().channels();
    List<Parameter> list = new ArrayList<>();
    if (row.layer() instanceof Layer.Base) {
      return BaseRow.of(row).parameters();
    }
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
   * @param images {@code uint8 [n, size, size, 3]}
   * @param type precision of what flows between the rows
   * @return scores {@code float32 [n, classes]}, unnormalised
   */
  <T extends TFloating> Operand<TFloat32> scores(
      Ops tf, Operand<TUint8> images, Source source, Class<T> type) {
    return answers(tf, images, source, type).scores();
  }

  /** The same way, with what it passes. */
  <T extends TFloating> Answers answers(
      Ops tf, Operand<TUint8> images, Source source, Class<T> type) {
    Forward<T> forward = new Forward<>(tf, source, type);
    if (rows.get(0).layer() instanceof Layer.Base) {
      Operand<TFloat32> features = BaseRow.of(rows.get(0)).features(tf, images, source);
      return new Answers(Optional.of(own(tf, features)), scores(tf, features, forward));
    }
    Operand<TFloat32> bytes = tf.dtypes.cast(images, TFloat32.class);
    if (rows.get(0).in().channels() == 1) {
      bytes = grey(tf, bytes);
    }
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
    return new Answers(Optional.empty(), tf.dtypes.cast(values, TFloat32.class));
  }

  private Operand<TFloat32> own(Ops tf, Operand<TFloat32> features) {
    BaseGraph base = ((Layer.Base) rows.get(0).layer()).graph().orElseThrow();
    return base.own() == base.count()
        ? features
        : tf.slice(
            features, tf.constant(new int[] {0, 0}), tf.constant(new int[] {-1, base.own()}));
  }

  /** What the rows after the first make of what it gives. */
  private <T extends TFloating> Operand<TFloat32> scores(
      Ops tf, Operand<TFloat32> features, Forward<T> forward) {
    Operand<T> values = tf.dtypes.cast(features, forward.type());
    for (Row row : rows.subList(1, rows.size())) {
      values = forward.apply(row, values);
    }
    return tf.dtypes.cast(values, TFloat32.class);
  }

  /**
   * The way from the features of a base to class scores.
   *
   * @param features {@code float32 [n, count]}
   * @return scores {@code float32 [n, classes]}, unnormalised
   */
  Operand<TFloat32> scoresOfFeatures(Ops tf, Operand<TFloat32> features, Source source) {
    return scores(tf, features, new Forward<>(tf, source, TFloat32.class));
  }

  /** The parameters after the base. */
  List<Parameter> headParameters() {
    return rows.subList(1, rows.size()).stream().flatMap(row -> parameters(row).stream()).toList();
  }

  /**
   * Grey as Pillow's {@code convert("L")} makes it, to the byte: ITU-R BT.601 in 16 bits after the
   * point. All of it is whole numbers below 2²⁴, so float32 rounds nothing.
   */
  private static Operand<TFloat32> grey(Ops tf, Operand<TFloat32> colours) {
    Operand<TFloat32> parts = tf.math.mul(colours, tf.constant(new float[] {19595, 38470, 7471}));
    Operand<TFloat32> sum = tf.sum(parts, tf.constant(3), Sum.keepDims(true));
    return tf.math.floor(
        tf.math.mul(tf.math.add(sum, tf.constant(32768f)), tf.constant(1 / 65536f)));
  }
}
