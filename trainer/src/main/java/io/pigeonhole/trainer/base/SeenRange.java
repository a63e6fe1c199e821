package io.pigeonhole.trainer.base;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.network.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * What a network wants to be given, as far as its graph tells: by the scaling that it begins with,
 * or by the names that Keras' applications give to their layers.
 */
final class SeenRange {

  /** Steps up to the first convolution that neither scale nor shift. */
  private static final Set<String> PASSING =
      Set.of("Cast", "ReverseV2", "Transpose", "EnsureShape");

  /** One step of a byte is at most this much to a network that has its bytes scaled. */
  private static final double SCALED = 0.1;

  /** A network that takes away a mean of bytes takes away more than this. */
  private static final double MEAN_OF_BYTES = 10;

  private final Map<String, NodeDef> nodes;
  private final String input;

  SeenRange(Map<String, NodeDef> nodes, String input) {
    this.nodes = nodes;
    this.input = input;
  }

  /**
   * The range.
   *
   * @throws ModelRefusedException if it cannot be seen, naming the option that says it
   */
  InputRange range() throws ModelRefusedException {
    Optional<InputRange> inside = inside();
    if (inside.isPresent()) {
      return inside.get();
    }
    return nodes.keySet().stream()
        .map(InputRange::ofFamily)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new ModelRefusedException(
                    "it takes float32, and neither its graph nor its names tell of which range:"
                        + " --base-range 0..255, 0..1, -1..1, caffe or torch does"));
  }

  /** By what the network itself does to the bytes before its first convolution. */
  private Optional<InputRange> inside() {
    double scale = 1;
    double shift = 0;
    boolean scaled = false;
    String place = input;
    for (Optional<NodeDef> next = taker(place); next.isPresent(); next = taker(place)) {
      NodeDef node = next.get();
      place = node.getName();
      if (PASSING.contains(node.getOp())) {
        continue;
      }
      Optional<Double> constant = constant(node);
      if (constant.isEmpty()) {
        break;
      }
      double value = constant.get();
      switch (node.getOp()) {
        case "Mul" -> {
          scale *= value;
          shift *= value;
        }
        case "RealDiv", "Div" -> {
          scale /= value;
          shift /= value;
        }
        case "Sub" -> shift -= value;
        case "Add", "AddV2", "BiasAdd" -> shift += value;
        default -> {
          return scaled ? Optional.of(InputRange.BYTES) : Optional.empty();
        }
      }
      scaled |= Math.abs(scale) <= SCALED || Math.abs(shift) >= MEAN_OF_BYTES;
    }
    if (scaled) {
      return Optional.of(InputRange.BYTES);
    }
    return scale > 1 ? Optional.of(InputRange.UNIT) : Optional.empty();
  }

  private Optional<NodeDef> taker(String name) {
    List<NodeDef> takers =
        nodes.values().stream()
            .filter(
                node -> node.getInputList().stream().anyMatch(i -> Tensors.node(i).equals(name)))
            .toList();
    return takers.size() == 1 ? Optional.of(takers.get(0)) : Optional.empty();
  }

  /** The mean of the constant with which a node joins the values. */
  private Optional<Double> constant(NodeDef node) {
    return node.getInputList().stream()
        .map(each -> nodes.get(Tensors.node(each)))
        .filter(each -> each != null && Tensors.isFloats(each))
        .findFirst()
        .map(Tensors::floats)
        .filter(values -> values.length == 1 || values.length == 3)
        .map(
            values -> {
              double sum = 0;
              for (float value : values) {
                sum += value;
              }
              return sum / values.length;
            });
  }
}
