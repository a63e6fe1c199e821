package io.pigeonhole.trainer.base;

import io.pigeonhole.model.ModelRefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * Puts the bodies of functions in the place of their calls, however deep, and leaves out what only
 * hands values on. Where a body reads a variable that it was given as an argument, the variable's
 * own name stands afterwards. What only orders ops is left out, too: nothing in the graph of a
 * classifier changes anything.
 */
final class Inlining {

  private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");
  private static final Set<String> HANDING_ON =
      Set.of("Identity", "IdentityN", "StopGradient", "PreventGradient");

  /** More than the deepest networks have; a graph that calls itself, or doubles, ends here. */
  private static final int MOST_NODES = 200_000;

  private static final int DEEPEST = 64;

  private final Map<String, FunctionDef> functions = new HashMap<>();
  private final Map<String, OpDef> ops = new HashMap<>();
  private final Map<String, String> sameAs = new HashMap<>();
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private int seen;

  private Inlining(GraphDef graph) {
    graph.getLibrary().getFunctionList().forEach(f -> functions.put(f.getSignature().getName(), f));
    TensorFlow.registeredOpList().getOpList().forEach(op -> ops.put(op.getName(), op));
  }

  /**
   * A graph without calls.
   *
   * @param nodes in their order, by name; inputs are {@code name} or {@code name:output}
   * @param renamed by the tensors of the graph that was given, those that stand for them
   */
  record Flat(Map<String, NodeDef> nodes, Map<String, String> renamed) {

    /** The tensor that stands for one of the graph that was given, or for its node's first. */
    String tensor(String name) {
      String whole = name.contains(":") ? name : name + ":0";
      return renamed.getOrDefault(whole, whole);
    }
  }

  /**
   * Inlines all calls of a graph.
   *
   * @throws ModelRefusedException if a graph calls itself, grows without end, or has a call that
   *     cannot be followed
   */
  static Flat of(GraphDef graph) throws ModelRefusedException {
    Inlining inlining = new Inlining(graph);
    inlining.expand(new Scope("", Map.of(), graph.getNodeList(), 0));
    Map<String, NodeDef> flat = new LinkedHashMap<>();
    for (Map.Entry<String, NodeDef> named : inlining.nodes.entrySet()) {
      NodeDef.Builder node = named.getValue().toBuilder().clearInput();
      for (String input : named.getValue().getInputList()) {
        node.addInput(shortened(inlining.origin(input)));
      }
      flat.put(named.getKey(), node.build());
    }
    Map<String, String> renamed = new HashMap<>();
    for (String tensor : inlining.sameAs.keySet()) {
      renamed.put(tensor, inlining.origin(tensor));
    }
    return new Flat(flat, renamed);
  }

  private static String shortened(String tensor) {
    return tensor.endsWith(":0") ? tensor.substring(0, tensor.length() - 2) : tensor;
  }

  /** A body: the prefix of its names, the tensors that its arguments stand for, its nodes. */
  private record Scope(
      String prefix, Map<String, String> arguments, List<NodeDef> nodes, int depth) {}

  private void expand(Scope scope) throws ModelRefusedException {
    Map<String, NodeDef> own = new HashMap<>();
    scope.nodes().forEach(node -> own.put(node.getName(), node));
    for (NodeDef node : scope.nodes()) {
      if (++seen > MOST_NODES) {
        throw new ModelRefusedException(
            "the graph has more than %,d nodes with its functions".formatted(MOST_NODES));
      }
      List<String> inputs = new ArrayList<>();
      for (String input : node.getInputList()) {
        if (!input.startsWith("^")) {
          inputs.add(reference(scope, own, input));
        }
      }
      add(scope, node, inputs);
    }
  }

  private void add(Scope scope, NodeDef node, List<String> inputs) throws ModelRefusedException {
    String name = scope.prefix() + node.getName();
    if (CALLS.contains(node.getOp()) || functions.containsKey(node.getOp())) {
      call(scope, node, name, inputs);
    } else if (HANDING_ON.contains(node.getOp())) {
      for (int i = 0; i < inputs.size(); i++) {
        sameAs.put(name + ":" + i, inputs.get(i));
      }
    } else {
      NodeDef.Builder copy =
          NodeDef.newBuilder().setName(name).setOp(node.getOp()).addAllInput(inputs);
      node.getAttrMap().forEach((key, value) -> keep(copy, key, value));
      if (names.add(name)) {
        nodes.put(name, copy.build());
      }
    }
  }

  /** What begins with an underscore is a hint to the runtime that had the graph. */
  private static void keep(NodeDef.Builder node, String key, AttrValue value) {
    if (!key.startsWith("_")) {
      node.putAttr(key, value);
    }
  }

  private void call(Scope scope, NodeDef node, String name, List<String> inputs)
      throws ModelRefusedException {
    String called =
        CALLS.contains(node.getOp()) ? node.getAttrOrThrow("f").getFunc().getName() : node.getOp();
    FunctionDef function = functions.get(called);
    if (function == null || function.getSignature().getInputArgCount() != inputs.size()) {
      throw new ModelRefusedException(
          "the graph's node '%s' calls '%s', which is not there or takes other arguments"
              .formatted(node.getName(), called));
    }
    if (scope.depth() == DEEPEST) {
      throw new ModelRefusedException(
          "functions call each other more than %d deep".formatted(DEEPEST));
    }
    Map<String, String> arguments = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      arguments.put(function.getSignature().getInputArg(i).getName(), inputs.get(i));
    }
    Scope body = new Scope(name + "/", arguments, function.getNodeDefList(), scope.depth() + 1);
    expand(body);
    Map<String, NodeDef> own = new HashMap<>();
    function.getNodeDefList().forEach(each -> own.put(each.getName(), each));
    for (int i = 0; i < function.getSignature().getOutputArgCount(); i++) {
      String returned = function.getRetOrThrow(function.getSignature().getOutputArg(i).getName());
      sameAs.put(name + ":" + i, reference(body, own, returned));
    }
  }

  /** The whole name of a tensor that a node of a scope is given, {@code name:output}. */
  private String reference(Scope scope, Map<String, NodeDef> own, String input)
      throws ModelRefusedException {
    String[] parts = input.split(":", -1);
    if (scope.depth() == 0) {
      return parts[0] + ":" + (parts.length > 1 ? parts[1] : "0");
    }
    if (parts.length == 1) {
      String argument = scope.arguments().get(input);
      if (argument != null) {
        return argument;
      }
    }
    NodeDef node = own.get(parts[0]);
    if (node == null) {
      throw new ModelRefusedException("a function of the graph lacks '%s'".formatted(input));
    }
    int output = parts.length < 3 ? 0 : outputsBefore(node, parts[1]) + Integer.parseInt(parts[2]);
    return scope.prefix() + parts[0] + ":" + output;
  }

  /** How many tensors a node makes before those of one of its outputs, which may be lists. */
  private int outputsBefore(NodeDef node, String output) throws ModelRefusedException {
    FunctionDef function = functions.get(node.getOp());
    OpDef op = function == null ? ops.get(node.getOp()) : function.getSignature();
    if (op == null) {
      throw new ModelRefusedException(
          "TensorFlow does not know the op '%s'".formatted(node.getOp()));
    }
    int before = 0;
    for (OpDef.ArgDef each : op.getOutputArgList()) {
      if (each.getName().equals(output)) {
        return before;
      }
      before += tensors(node, each);
    }
    throw new ModelRefusedException(
        "the graph's node '%s' has no output '%s'".formatted(node.getName(), output));
  }

  private static int tensors(NodeDef node, OpDef.ArgDef output) {
    if (!output.getNumberAttr().isEmpty()) {
      return (int) node.getAttrOrThrow(output.getNumberAttr()).getI();
    }
    return output.getTypeListAttr().isEmpty()
        ? 1
        : node.getAttrOrThrow(output.getTypeListAttr()).getList().getTypeCount();
  }

  /** The tensor that is no longer another one. */
  private String origin(String tensor) throws ModelRefusedException {
    String found = tensor;
    int steps = 0;
    for (String next = sameAs.get(found); next != null; next = sameAs.get(found)) {
      found = next;
      if (++steps > sameAs.size()) {
        throw new ModelRefusedException("'%s' of the graph is made of itself".formatted(tensor));
      }
    }
    return found;
  }
}
