package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Network.Row;
import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.recipe.BaseGraph;
import io.pigeonhole.trainer.recipe.Layer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The network of others that a row is. The last of its kernels, and the biases after them, are
 * parameters where the recipe trains them; all else stays as it is.
 */
final class BaseRow {

  private static final Set<String> WITH_KERNEL =
      Set.of("Conv2D", "DepthwiseConv2dNative", "MatMul");

  /** Kernels of fewer values are not worth two bytes less a value. */
  private static final int FEW = 256;

  private static final Map<String, OpDef> OPS = new HashMap<>();

  static {
    TensorFlow.registeredOpList().getOpList().forEach(op -> OPS.put(op.getName(), op));
  }

  private final BaseGraph base;
  private final List<NodeDef> inOrder;

  /** By the names of the base, names that TensorFlow takes and nothing else in the graph has. */
  private final Map<String, String> names = new HashMap<>();

  private final Map<String, Parameter> trained;
  private final Set<String> kernels = new HashSet<>();

  private BaseRow(Row row) {
    Layer.Base layer = (Layer.Base) row.layer();
    this.base =
        layer
            .graph()
            .orElseThrow(() -> new IllegalStateException("the base of a network is not known yet"));
    this.inOrder = NodeOrder.of(base.graph());
    for (int i = 0; i < inOrder.size(); i++) {
      String name = inOrder.get(i).getName();
      names.put(name, row.name() + "_" + i + "_" + name.replaceAll("[^A-Za-z0-9_.-]", "_"));
    }
    this.trained = trained(layer.trained());
  }

  static BaseRow of(Row row) {
    return new BaseRow(row);
  }

  private Map<String, Parameter> trained(double part) {
    Map<String, NodeDef> constants = new HashMap<>();
    inOrder.stream()
        .filter(Tensors::isFloats)
        .forEach(constant -> constants.put(constant.getName(), constant));
    Map<String, Parameter> found = new LinkedHashMap<>();
    for (NodeDef node : inOrder) {
      boolean bias = node.getOp().equals("BiasAdd");
      if (bias || WITH_KERNEL.contains(node.getOp())) {
        NodeDef constant = constants.get(Tensors.node(node.getInput(1)));
        if (constant != null) {
          String name = names.get(constant.getName());
          Role role = bias ? Role.BIAS : Role.KERNEL;
          found.putIfAbsent(constant.getName(), new Parameter(name, role, Tensors.shape(constant)));
          if (!bias) {
            kernels.add(constant.getName());
          }
        }
      }
    }
    long frozen = kernels.size() - Math.round(part * kernels.size());
    List<String> names = List.copyOf(found.keySet());
    for (int i = 0, passed = 0; i < names.size(); i++) {
      passed += kernels.contains(names.get(i)) ? 1 : 0;
      if (passed <= frozen) {
        found.remove(names.get(i));
      }
    }
    return found;
  }

  /** What is trained. */
  List<Parameter> parameters() {
    return List.copyOf(trained.values());
  }

  /** What the parameters are before they are trained. */
  Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    inOrder.stream()
        .filter(node -> trained.containsKey(node.getName()))
        .forEach(node -> values.put(trained.get(node.getName()).name(), Tensors.floats(node)));
    return values;
  }

  /**
   * Adds the network to a graph.
   *
   * @param images {@code uint8 [n, size, size, 3]}
   * @return its features, {@code float32 [n, count]}
   */
  Operand<TFloat32> features(Ops tf, Operand<TUint8> images, Source source) {
    Map<String, Output<?>> outputs = new HashMap<>();
    Map<String, Operation> made = new HashMap<>();
    for (NodeDef node : inOrder) {
      if (node.getName().equals(base.images())) {
        outputs.put(node.getName(), images.asOutput());
      } else if (trained.containsKey(node.getName())) {
        Parameter parameter = trained.get(node.getName());
        outputs.put(node.getName(), source.get(parameter.row(), parameter.role()).asOutput());
      } else if (source.half() && kernels.contains(node.getName()) && isLarge(node)) {
        outputs.put(node.getName(), half(tf, node).asOutput());
      } else {
        made.put(node.getName(), copy(tf, node, outputs, made));
      }
    }
    Output<?> features = output(base.features(), outputs, made);
    @SuppressWarnings("unchecked")
    Output<TFloat32> list = (Output<TFloat32>) features;
    return list;
  }

  private static boolean isLarge(NodeDef kernel) {
    return Tensors.shape(kernel).size() >= FEW;
  }

  private Operand<TFloat32> half(Ops tf, NodeDef kernel) {
    try (TFloat16 tensor =
        TFloat16.tensorOf(Tensors.shape(kernel), DataBuffers.of(Tensors.floats(kernel)))) {
      return tf.dtypes.cast(
          tf.withName(names.get(kernel.getName())).constantOf(tensor), TFloat32.class);
    }
  }

  private Operation copy(
      Ops tf, NodeDef node, Map<String, Output<?>> outputs, Map<String, Operation> made) {
    OperationBuilder builder = tf.scope().opBuilder(node.getOp(), names.get(node.getName()));
    int next = 0;
    for (OpDef.ArgDef argument : OPS.get(node.getOp()).getInputArgList()) {
      boolean list = !argument.getNumberAttr().isEmpty() || !argument.getTypeListAttr().isEmpty();
      if (list) {
        Output<?>[] inputs = new Output<?>[length(node, argument)];
        for (int i = 0; i < inputs.length; i++) {
          inputs[i] = output(node.getInput(next++), outputs, made);
        }
        builder.addInputList(inputs);
      } else {
        builder.addInput(output(node.getInput(next++), outputs, made));
      }
    }
    node.getAttrMap().forEach(builder::setAttr);
    return builder.build();
  }

  private static int length(NodeDef node, OpDef.ArgDef argument) {
    return argument.getNumberAttr().isEmpty()
        ? node.getAttrOrThrow(argument.getTypeListAttr()).getList().getTypeCount()
        : (int) node.getAttrOrThrow(argument.getNumberAttr()).getI();
  }

  private static Output<?> output(
      String input, Map<String, Output<?>> outputs, Map<String, Operation> made) {
    String name = Tensors.node(input);
    Output<?> found = outputs.get(name);
    if (found != null) {
      return found;
    }
    int index =
        name.length() == input.length() ? 0 : Integer.parseInt(input.substring(name.length() + 1));
    return made.get(name).output(index);
  }
}
