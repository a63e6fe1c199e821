package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Network.Row;
import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.recipe.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tensorflow.ndarray.Shape;

/** The numbers that training starts from: random ones by a seed, and statistics of the images. */
final class InitialWeights {

  private final Images images;
  private final Random random;
  private final Weights weights = new Weights();

  private InitialWeights(Images images, Random random) {
    this.images = images;
    this.random = random;
  }

  /**
   * Makes the first weights of a network.
   *
   * @param images that the network is going to be trained on
   * @param seed of the random numbers
   */
  static Weights of(Network network, Images images, long seed) {
    return of(network, images, seed, Optional.empty());
  }

  /**
   * Makes the first weights of a network from those of another, apart from the last row, if the
   * other has other classes.
   *
   * @param base of a network that is the same but for the number of classes
   * @throws IllegalArgumentException if it is of another network, or worth nothing
   */
  static Weights of(Network network, Images images, long seed, Optional<Start> base) {
    Images seen = network.channels() == 1 ? new GreyImages(images) : images;
    InitialWeights initial = new InitialWeights(seen, new Random(seed));
    List<Row> rows = network.rows();
    for (Row row : rows) {
      boolean last = row.equals(rows.get(rows.size() - 1));
      if (row.layer() instanceof Layer.Base && base.isEmpty()) {
        BaseRow.of(row).values().forEach(initial.weights::put);
      } else if (base.isEmpty() || (last && !base.get().classes().equals(images.classes()))) {
        initial.fill(row, network);
      } else {
        parameters(row).forEach(each -> initial.take(each, base.get().weights()));
      }
    }
    if (base.isPresent() && !initial.weights.areFinite()) {
      throw new IllegalArgumentException("the base has weights that are infinite or no numbers");
    }
    return initial.weights;
  }

  private void take(Parameter parameter, Safetensors base) {
    Shape shape = base.shapes().get(parameter.name());
    if (!parameter.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "the base has another network than the recipe: %s is %s there, %s here"
              .formatted(parameter.name(), shape == null ? "missing" : shape, parameter.shape()));
    }
    weights.put(parameter.name(), base.weights().get(parameter.name()).clone());
  }

  private static List<Parameter> parameters(Row row) {
    return Network.parameters(row);
  }

  private void fill(Row row, Network network) {
    if (row.layer() instanceof Layer.Standardise) {
      ImageStatistics statistics = ImageStatistics.of(images);
      int channels = network.channels();
      weights.put(
          Parameter.name(row.name(), Role.MEAN), Arrays.copyOf(statistics.mean(), channels));
      weights.put(
          Parameter.name(row.name(), Role.VARIANCE),
          Arrays.copyOf(statistics.variance(), channels));
      return;
    }
    parameters(row).forEach(parameter -> weights.put(parameter.name(), numbers(row, parameter)));
  }

  private float[] numbers(Row row, Parameter parameter) {
    float[] numbers = new float[parameter.size()];
    if (parameter.role() == Role.FILTERS) {
      return Whitening.filters(images, ImageStatistics.of(images), parameter.shape());
    }
    if (parameter.role() == Role.VARIANCE) {
      Arrays.fill(numbers, 1);
    }
    if (parameter.role() == Role.KERNEL) {
      boolean identity = row.layer() instanceof Layer.Conv conv && conv.norm();
      if (identity) {
        fillIdentity(numbers, parameter);
      } else {
        fillUniform(numbers, Math.sqrt(6.0 / (fanIn(parameter) + fanOut(parameter))));
      }
    }
    return numbers;
  }

  /** The first filters pass their channel on (arXiv:1706.00388), the others are random. */
  private void fillIdentity(float[] kernel, Parameter parameter) {
    fillUniform(kernel, 1 / Math.sqrt((double) fanIn(parameter)));
    int size = (int) parameter.shape().get(0);
    int in = (int) parameter.shape().get(2);
    int out = (int) parameter.shape().get(3);
    for (int place = 0; place < size * size; place++) {
      for (int from = 0; from < in; from++) {
        for (int to = 0; to < Math.min(in, out); to++) {
          boolean centre = place == size * size / 2;
          kernel[(place * in + from) * out + to] = centre && from == to ? 1 : 0;
        }
      }
    }
  }

  private void fillUniform(float[] kernel, double limit) {
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) ((random.nextDouble() * 2 - 1) * limit);
    }
  }

  private static long fanIn(Parameter kernel) {
    return kernel.shape().size() / kernel.shape().get(-1);
  }

  private static long fanOut(Parameter kernel) {
    return kernel.shape().size() / kernel.shape().get(-2);
  }
}
