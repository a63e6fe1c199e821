package io.pigeonhole.model;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

/**
 * A SavedModel is a program (<a
 * href="https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md">TensorFlow's security
 * policy</a>). Served is only one in which every op that can run, when the model is loaded or
 * asked, computes: {@link GraphOps} lists them. Ops that touch files, the network or processes are
 * not among them, nor is any that nobody has looked at. A graph that has such an op is refused even
 * where nothing runs it; what else is never run, as a training step that was exported along, may be
 * anything.
 */
public final class GraphPolicy {
  private final MetaGraphDef graph;
  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final Map<String, FunctionDef> functions = new HashMap<>();

  private GraphPolicy(MetaGraphDef graph) {
    this.graph = graph;
    graph.getGraphDef().getNodeList().forEach(node -> nodes.put(node.getName(), node));
    graph
        .getGraphDef()
        .getLibrary()
        .getFunctionList()
        .forEach(function -> functions.put(function.getSignature().getName(), function));
  }

  /**
   * Refuses what must not run.
   *
   * @param savedModel a {@code saved_model.pb}
   * @return what is in it
   * @throws ModelRefusedException if it is no SavedModel, or an op that is not allowed can run; the
   *     message names the op and its node
   */
  public static SavedModel check(Path savedModel) throws IOException, ModelRefusedException {
    SavedModel model = parse(savedModel);
    if (model.getMetaGraphsCount() == 0) {
      throw new ModelRefusedException(savedModel.getFileName() + " has no graph");
    }
    for (MetaGraphDef graph : model.getMetaGraphsList()) {
      new GraphPolicy(graph).check();
    }
    return model;
  }

  private static SavedModel parse(Path savedModel) throws IOException, ModelRefusedException {
    try (InputStream in = Files.newInputStream(savedModel)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      return SavedModel.parseFrom(coded);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelRefusedException(
          savedModel.getFileName() + " is no SavedModel: " + e.getMessage(), e);
    }
  }

  private void check() throws ModelRefusedException {
    if (graph.getAssetFileDefCount() > 0) {
      throw new ModelRefusedException(
          "the SavedModel has asset files, which an image classifier does not need: "
              + graph.getAssetFileDef(0).getFilename());
    }
    requireNothingReachesOutside();
    Set<String> answering = new HashSet<>();
    for (SignatureDef signature : graph.getSignatureDefMap().values()) {
      signature.getInputsMap().values().forEach(tensor -> answering.add(tensor.getName()));
      signature.getOutputsMap().values().forEach(tensor -> answering.add(tensor.getName()));
    }
    for (CollectionDef collection : graph.getCollectionDefMap().values()) {
      // Ops that run once when the model is loaded are collected by name.
      answering.addAll(collection.getNodeList().getValueList());
    }
    requireAllowed(answering, GraphOps.COMPUTING);
    requireAllowed(
        List.of(graph.getSaverDef().getRestoreOpName()), GraphOps.COMPUTING_AND_RESTORING);
  }

  private void requireNothingReachesOutside() throws ModelRefusedException {
    GraphDef all = graph.getGraphDef();
    Stream<NodeDef> inFunctions =
        all.getLibrary().getFunctionList().stream().flatMap(f -> f.getNodeDefList().stream());
    for (NodeDef node : Stream.concat(all.getNodeList().stream(), inFunctions).toList()) {
      if (GraphOps.reachesOutside(node.getOp())) {
        throw new ModelRefusedException(
            "the graph's node '%s' has the op '%s', which reaches outside of the graph"
                .formatted(node.getName(), node.getOp()));
      }
    }
  }

  private void requireAllowed(Collection<String> roots, Set<String> allowed)
      throws ModelRefusedException {
    Deque<NodeDef> pending = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    roots.forEach(root -> addNode(root, seen, pending));
    while (!pending.isEmpty()) {
      NodeDef node = pending.pop();
      requireAllowed(node, allowed);
      node.getInputList().forEach(input -> addNode(input, seen, pending));
      calledBy(node).forEach(function -> addFunction(function, seen, pending));
    }
  }

  private void requireAllowed(NodeDef node, Set<String> allowed) throws ModelRefusedException {
    if (!allowed.contains(node.getOp()) && !functions.containsKey(node.getOp())) {
      throw new ModelRefusedException(
          "the graph's node '%s' runs the op '%s', which is not on the list of allowed ops%s"
              .formatted(node.getName(), node.getOp(), hint(node.getOp())));
    }
  }

  private static String hint(String op) {
    return op.contains("Random")
        ? ": the same image would not always get the same answer; export the network without its"
            + " augmentation"
        : "";
  }

  /** Names of functions that a node may call: as its op, or through an attribute. */
  private static Stream<String> calledBy(NodeDef node) {
    return Stream.concat(
        Stream.of(node.getOp()),
        node.getAttrMap().values().stream().flatMap(GraphPolicy::functionNames));
  }

  private static Stream<String> functionNames(AttrValue value) {
    return Stream.concat(
        Stream.of(value.getFunc().getName()),
        value.getList().getFuncList().stream().map(NameAttrList::getName));
  }

  private void addFunction(String name, Set<String> seen, Deque<NodeDef> pending) {
    FunctionDef function = functions.get(name);
    // No node is named like this: ':' is not allowed in a node's name.
    if (function != null && seen.add("function:" + name)) {
      pending.addAll(function.getNodeDefList());
    }
  }

  private void addNode(String input, Set<String> seen, Deque<NodeDef> pending) {
    NodeDef node = nodes.get(nodeName(input));
    if (node != null && seen.add(node.getName())) {
      pending.add(node);
    }
  }

  /** The node of {@code name}, {@code name:output} or {@code ^name}. */
  private static String nodeName(String input) {
    String name = input.startsWith("^") ? input.substring(1) : input;
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }
}
