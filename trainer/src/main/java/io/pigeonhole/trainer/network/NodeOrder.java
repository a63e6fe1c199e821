package io.pigeonhole.trainer.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** An order in which a graph's nodes can be computed. */
public final class NodeOrder {

  private NodeOrder() {}

  /** Each node after those that it is given. */
  public static List<NodeDef> of(GraphDef graph) {
    Map<String, Integer> open = new HashMap<>();
    Map<String, List<NodeDef>> takers = new HashMap<>();
    Deque<NodeDef> ready = new ArrayDeque<>();
    for (NodeDef node : graph.getNodeList()) {
      open.put(node.getName(), node.getInputCount());
      if (node.getInputCount() == 0) {
        ready.add(node);
      }
      for (String input : node.getInputList()) {
        takers.computeIfAbsent(Tensors.node(input), key -> new ArrayList<>()).add(node);
      }
    }
    List<NodeDef> sorted = new ArrayList<>();
    while (!ready.isEmpty()) {
      NodeDef node = ready.poll();
      sorted.add(node);
      for (NodeDef taker : takers.getOrDefault(node.getName(), List.of())) {
        if (open.merge(taker.getName(), -1, Integer::sum) == 0) {
          ready.add(taker);
        }
      }
    }
    return sorted;
  }
}
