package io.pigeonhole.trainer.base;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.network.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;

/**
 * Where the features of a network are: what its last dense layer is given or, without one, its
 * output.
 *
 * @param tensor of the graph
 * @param mean over what the features are taken
 */
record FeaturePlace(String tensor, Mean mean) {

  /** What a mean is over, if there is one. */
  sealed interface Mean {}

  /** None: {@code [n, count]} already. */
  record None() implements Mean {}

  /** The places of a map: {@code [n, height, width, count]}. */
  record Places() implements Mean {}

  /** The views of an image that our own networks look at: {@code [views·n, count]}. */
  record Views(int views, int count) implements Mean {}

  /** Between the last dense layer and the answer. */
  private static final Set<String> ANSWERING =
      Set.of("Softmax", "LogSoftmax", "Sigmoid", "BiasAdd", "Add", "AddV2", "Mul", "RealDiv");

  private static final Set<String> KEEPING = Set.of("Reshape", "Squeeze", "Cast");

  private static final Set<String> MAPS =
      Set.of("Conv2D", "DepthwiseConv2dNative", "MaxPool", "AvgPool", "Pad", "FusedBatchNormV3");

  private static final Set<String> LISTS = Set.of("MatMul", "Mean", "Max", "Reshape", "Squeeze");

  /** What the names of inlined nodes begin with, and nobody has to type. */
  private static final Pattern CALLS = Pattern.compile("^(\\w*PartitionedCall\\w*/)+");

  /** Names that a message tells. */
  private static final int TOLD = 12;

  /**
   * Finds the features.
   *
   * @param nodes by name
   * @param rank of the output; 0 if not known
   * @param wished end of the name of a node
   */
  static FeaturePlace of(
      Map<String, NodeDef> nodes, String output, int rank, Optional<String> wished)
      throws ModelRefusedException {
    if (wished.isPresent()) {
      String name = named(nodes, wished.get());
      return new FeaturePlace(name, isMap(nodes, name) ? new Places() : new None());
    }
    Optional<FeaturePlace> classifier = beforeTheLastDense(nodes, output);
    if (classifier.isPresent()) {
      return classifier.get();
    }
    if (rank != 2 && rank != 4) {
      throw new ModelRefusedException(
          "its output has %s dimensions; expected features [n, count] or [n, height, width, count]"
              .formatted(rank == 0 ? "an unknown number of" : rank));
    }
    return new FeaturePlace(output, rank == 2 ? new None() : new Places());
  }

  private static String named(Map<String, NodeDef> nodes, String wished)
      throws ModelRefusedException {
    List<String> found =
        nodes.containsKey(wished)
            ? List.of(wished)
            : nodes.keySet().stream().filter(name -> name.endsWith(wished)).toList();
    if (found.size() != 1) {
      List<String> names =
          nodes.values().stream()
              .filter(node -> !node.getOp().equals("Const"))
              .map(node -> CALLS.matcher(node.getName()).replaceAll(""))
              .toList();
      throw new ModelRefusedException(
          "%d of its nodes have names that end with '%s'; expected one. Its last are %s"
              .formatted(
                  found.size(),
                  wished,
                  String.join(
                      ", ", names.subList(Math.max(0, names.size() - TOLD), names.size()))));
    }
    return found.get(0);
  }

  /** By the ops that keep four dimensions, and those that leave two. */
  private static boolean isMap(Map<String, NodeDef> nodes, String name) {
    NodeDef node = nodes.get(Tensors.node(name));
    for (int steps = 0; node != null && steps < nodes.size(); steps++) {
      if (MAPS.contains(node.getOp())) {
        return true;
      }
      if (LISTS.contains(node.getOp()) || node.getInputCount() == 0) {
        return false;
      }
      node = nodes.get(Tensors.node(node.getInput(0)));
    }
    return false;
  }

  private static Optional<FeaturePlace> beforeTheLastDense(
      Map<String, NodeDef> nodes, String output) {
    NodeDef node = nodes.get(Tensors.node(output));
    int views = 1;
    for (int steps = 0; node != null && steps < nodes.size(); steps++) {
      NodeDef second = node.getInputCount() > 1 ? nodes.get(Tensors.node(node.getInput(1))) : null;
      boolean byConstant = second != null && second.getOp().equals("Const");
      if (node.getOp().equals("MatMul") && byConstant) {
        int count = (int) Tensors.shape(second).get(0);
        return Optional.of(
            new FeaturePlace(node.getInput(0), views == 1 ? new None() : new Views(views, count)));
      }
      if (node.getOp().equals("Conv2D") && byConstant) {
        Shape kernel = Tensors.shape(second);
        boolean dense = kernel.get(0) == 1 && kernel.get(1) == 1 && steps > 1;
        return dense
            ? Optional.of(new FeaturePlace(node.getInput(0), new Places()))
            : Optional.empty();
      }
      NodeDef before = node.getInputCount() > 0 ? nodes.get(Tensors.node(node.getInput(0))) : null;
      if (node.getOp().equals("Mean") && views == 1) {
        views = views(nodes, before);
        if (views == 1) {
          return Optional.empty();
        }
      } else if (!KEEPING.contains(node.getOp())
          && !(ANSWERING.contains(node.getOp()) && (node.getInputCount() == 1 || byConstant))) {
        return Optional.empty();
      }
      node = before;
    }
    return Optional.empty();
  }

  /** The number of views of an image whose scores are reshaped so that a mean can be taken. */
  private static int views(Map<String, NodeDef> nodes, NodeDef reshape) {
    if (reshape == null || !reshape.getOp().equals("Reshape")) {
      return 1;
    }
    NodeDef shape = nodes.get(Tensors.node(reshape.getInput(1)));
    int[] sides =
        shape == null || !shape.getOp().equals("Const") ? new int[0] : Tensors.ints(shape);
    return sides.length == 3 && sides[0] > 0 && sides[1] == -1 ? sides[0] : 1;
  }
}
