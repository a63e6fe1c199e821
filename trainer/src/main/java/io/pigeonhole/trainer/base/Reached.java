package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.network.Tensors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** The part of a graph that an answer needs. */
final class Reached {

  private Reached() {}

  /** The nodes from which a tensor is made, in their order. */
  static Map<String, NodeDef> from(Map<String, NodeDef> nodes, String tensor) {
    Set<String> reached = new HashSet<>();
    Deque<String> pending = new ArrayDeque<>();
    pending.add(Tensors.node(tensor));
    while (!pending.isEmpty()) {
      String name = pending.pop();
      NodeDef node = nodes.get(name);
      if (node != null && reached.add(name)) {
        node.getInputList().forEach(input -> pending.push(Tensors.node(input)));
      }
    }
    Map<String, NodeDef> part = new LinkedHashMap<>();
    nodes.forEach(
        (name, node) -> {
          if (reached.contains(name)) {
            part.put(name, node);
          }
        });
    return part;
  }
}
