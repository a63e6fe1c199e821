package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.network.NodeOrder;
import io.pigeonhole.trainer.network.Tensors;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/**
 * Maps within a network through which all goes that it knows of an image, at the end of a stage:
 * behind it, the sides or the channels change. Where each layer adds channels to those before
 * (arXiv:1608.06993), that is one stage.
 *
 * @param values {@code float32 [n, height, width, channels]}
 */
record InnerMaps(Operand<TFloat32> values, int height, int width, int channels) {

  /** Small enough to have seen much of the image, large enough to have many places. */
  private static final int PART_OF_SIDE = 16;

  /** Fewer places say little of how channels go together. */
  private static final int FEWEST_PLACES = 16;

  /** The last ones: those before them see less, and add little. */
  private static final int MOST = 2;

  private static final String CONCATENATION = "ConcatV2";
  private static final Set<String> SUMS = Set.of("Add", "AddV2", CONCATENATION);

  /**
   * Finds the maps of a sixteenth of the image's side.
   *
   * @param graph of the base, with the image's side in its placeholder
   * @param side of the image
   * @return the last two, or as many as there are, in the order in which an image meets them
   */
  static List<InnerMaps> of(BaseGraph base, Graph graph, int side) {
    List<NodeDef> way = way(base);
    List<NodeDef> passed = passed(way);
    List<NodeDef> sums = sums(passed, names(way));
    List<InnerMaps> ends = ends(sums, graph, side);
    return ends.isEmpty() ? ends(passed, graph, side) : ends; // plain networks have no sums
  }

  private static Set<String> names(List<NodeDef> nodes) {
    Set<String> names = new HashSet<>();
    nodes.forEach(node -> names.add(node.getName()));
    return names;
  }

  /** What lies between the images and the features, in order. */
  private static List<NodeDef> way(BaseGraph base) {
    Map<String, NodeDef> nodes = new HashMap<>();
    base.graph().getNodeList().forEach(node -> nodes.put(node.getName(), node));
    Set<String> needed = Reached.from(nodes, base.features()).keySet();
    Set<String> fromImages = new HashSet<>();
    List<NodeDef> way = new ArrayList<>();
    for (NodeDef node : NodeOrder.of(base.graph())) {
      boolean after =
          node.getInputList().stream().anyMatch(input -> fromImages.contains(Tensors.node(input)));
      if (after || node.getName().equals(base.images())) {
        fromImages.add(node.getName());
        if (needed.contains(node.getName())) {
          way.add(node);
        }
      }
    }
    return way;
  }

  /** The nodes that no path goes around. */
  private static List<NodeDef> passed(List<NodeDef> way) {
    Map<String, Integer> places = new HashMap<>();
    int[] furthest = new int[way.size()];
    for (int i = 0; i < way.size(); i++) {
      places.put(way.get(i).getName(), i);
      for (String input : way.get(i).getInputList()) {
        Integer from = places.get(Tensors.node(input));
        if (from != null) {
          furthest[from] = i;
        }
      }
    }
    List<NodeDef> passed = new ArrayList<>();
    int reach = 0;
    for (int i = 0; i < way.size(); i++) {
      if (reach <= i) {
        passed.add(way.get(i));
      }
      reach = Math.max(reach, furthest[i]);
    }
    return passed;
  }

  /** What joins several ways, with the ReLU that may follow. */
  private static List<NodeDef> sums(List<NodeDef> passed, Set<String> way) {
    List<NodeDef> sums = new ArrayList<>();
    for (int i = 0; i < passed.size(); i++) {
      long ways =
          passed.get(i).getInputList().stream()
              .filter(input -> way.contains(Tensors.node(input)))
              .count();
      if (SUMS.contains(passed.get(i).getOp()) && ways > 1) {
        boolean relu = i + 1 < passed.size() && passed.get(i + 1).getOp().startsWith("Relu");
        sums.add(passed.get(relu ? i + 1 : i));
      }
    }
    return sums;
  }

  private static List<InnerMaps> ends(List<NodeDef> nodes, Graph graph, int side) {
    List<InnerMaps> ends = new ArrayList<>();
    String last = "";
    for (NodeDef node : nodes) {
      Output<?> output = graph.operation(node.getName()).output(0);
      Shape shape = output.shape();
      if (output.type() == TFloat32.class && isSixteenth(shape, side)) {
        @SuppressWarnings("unchecked")
        InnerMaps maps =
            new InnerMaps(
                (Output<TFloat32>) output,
                (int) shape.get(1),
                (int) shape.get(2),
                (int) shape.get(3));
        boolean contains = node.getOp().equals(CONCATENATION) && node.getInputList().contains(last);
        int before = ends.size() - 1;
        if (before >= 0 && (contains || ends.get(before).channels() == maps.channels())) {
          ends.remove(before);
        }
        ends.add(maps);
        last = node.getName();
      }
    }
    return List.copyOf(ends.subList(Math.max(0, ends.size() - MOST), ends.size()));
  }

  /** Some networks lose a border on the way, so a little less is a sixteenth, too. */
  private static boolean isSixteenth(Shape shape, int side) {
    if (shape.numDimensions() != 4 || shape.get(3) < 1) {
      return false;
    }
    double part = Math.sqrt((double) shape.get(1) * shape.get(2)) * PART_OF_SIDE / side;
    return shape.get(1) * shape.get(2) >= FEWEST_PLACES
        && part > Math.sqrt(0.5)
        && part < Math.sqrt(2);
  }
}
