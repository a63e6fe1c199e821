package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Computes once what does not depend on the images, as TensorFlow would at each start: the square
 * roots of variances, products of scales, shapes of kernels.
 */
final class FoldedConstants {

  private FoldedConstants() {}

  /**
   * Puts constants in the place of all that is made of constants only.
   *
   * @param nodes by name; none reads a variable
   */
  static Map<String, NodeDef> of(Map<String, NodeDef> nodes) {
    Set<String> constant = constant(nodes);
    Set<String> wanted = new HashSet<>();
    for (NodeDef node : nodes.values()) {
      if (!constant.contains(node.getName())) {
        node.getInputList().stream()
            .filter(input -> constant.contains(Tensors.node(input)))
            .filter(input -> !isConst(nodes.get(Tensors.node(input))))
            .forEach(wanted::add);
      }
    }
    Map<String, NodeDef> computed = computed(nodes, constant, List.copyOf(wanted));
    Map<String, NodeDef> folded = new LinkedHashMap<>();
    for (NodeDef node : nodes.values()) {
      if (isConst(node)) {
        folded.put(node.getName(), node);
      } else if (!constant.contains(node.getName())) {
        NodeDef.Builder copy = node.toBuilder().clearInput();
        for (String input : node.getInputList()) {
          NodeDef value = computed.get(input);
          copy.addInput(value == null ? input : value.getName());
        }
        computed.values().forEach(value -> folded.putIfAbsent(value.getName(), value));
        folded.put(node.getName(), copy.build());
      }
    }
    return folded;
  }

  private static boolean isConst(NodeDef node) {
    return node.getOp().equals("Const");
  }

  /** The nodes that nothing but constants leads to. Inputs may come after what takes them. */
  private static Set<String> constant(Map<String, NodeDef> nodes) {
    Map<String, Integer> open = new HashMap<>();
    Map<String, List<String>> takers = new HashMap<>();
    List<String> ready = new ArrayList<>();
    for (NodeDef node : nodes.values()) {
      for (String input : node.getInputList()) {
        takers.computeIfAbsent(Tensors.node(input), key -> new ArrayList<>()).add(node.getName());
      }
      open.put(node.getName(), node.getInputCount());
      if (isConst(node)) {
        ready.add(node.getName());
      }
    }
    Set<String> constant = new HashSet<>();
    for (int i = 0; i < ready.size(); i++) {
      if (constant.add(ready.get(i))) {
        for (String taker : takers.getOrDefault(ready.get(i), List.of())) {
          if (open.merge(taker, -1, Integer::sum) == 0) {
            ready.add(taker);
          }
        }
      }
    }
    return constant;
  }

  private static Map<String, NodeDef> computed(
      Map<String, NodeDef> nodes, Set<String> constant, List<String> wanted) {
    Map<String, NodeDef> values = new HashMap<>();
    if (wanted.isEmpty()) {
      return values;
    }
    GraphDef.Builder part = GraphDef.newBuilder();
    constant.forEach(name -> part.addNode(nodes.get(name)));
    try (Graph graph = new Graph()) {
      graph.importGraphDef(part.build());
      try (Session session = new Session(graph, Gpus.none())) {
        Session.Runner runner = session.runner();
        wanted.forEach(runner::fetch);
        try (Result result = runner.run()) {
          for (int i = 0; i < wanted.size(); i++) {
            String name = wanted.get(i).replace(':', '_') + "_folded";
            values.put(wanted.get(i), Tensors.constant(name, result.get(i).asRawTensor()));
          }
        }
      }
    }
    return values;
  }
}
