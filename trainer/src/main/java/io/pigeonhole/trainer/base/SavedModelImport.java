package io.pigeonhole.trainer.base;

import io.pigeonhole.model.GraphPolicy;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.Tensors;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * Makes a base of a SavedModel, such as Keras' {@code model.export} writes it, with variables and
 * functions or frozen: its variables become constants, its calls are inlined, what is computed of
 * constants is computed, batch normalisation goes into the convolutions in front of it.
 */
public final class SavedModelImport {

  private static final String SAVED_MODEL = "saved_model.pb";
  private static final String SERVE = "serve";

  /** Of those the data types that a classifier's variables have. */
  private static final Map<DataType, Class<? extends TType>> TYPES =
      Map.of(
          DataType.DT_FLOAT, TFloat32.class,
          DataType.DT_DOUBLE, TFloat64.class,
          DataType.DT_HALF, TFloat16.class,
          DataType.DT_BFLOAT16, TBfloat16.class,
          DataType.DT_INT32, TInt32.class,
          DataType.DT_INT64, TInt64.class);

  private static final Set<String> VARIABLES = Set.of("VarHandleOp", "VariableV2", "Variable");

  private SavedModelImport() {}

  /**
   * What a SavedModel does not say of itself.
   *
   * @param size side of the images that it is meant for, where it takes any; 224 without
   * @param range what it wants the bytes to be turned into, if it cannot be seen
   * @param features the end of the name of the node that gives the features, if not what the last
   *     dense layer is given or, without one, the output
   */
  public record Wishes(OptionalInt size, Optional<InputRange> range, Optional<String> features) {

    /** None. */
    public static final Wishes NONE =
        new Wishes(OptionalInt.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Imports a SavedModel. TensorFlow sees it only after the graph policy has.
   *
   * @param folder with {@code saved_model.pb} and, unless it is frozen, {@code variables/}
   * @throws ModelRefusedException if it cannot be a base; the message says why
   */
  public static BaseGraph of(Path folder, Wishes wishes) throws IOException, ModelRefusedException {
    Path file = folder.resolve(SAVED_MODEL);
    if (!Files.isRegularFile(file)) {
      throw new IOException("%s is no SavedModel: it has no %s".formatted(folder, SAVED_MODEL));
    }
    SavedModel model = GraphPolicy.check(file);
    MetaGraphDef meta =
        model.getMetaGraphsList().stream()
            .filter(each -> each.getMetaInfoDef().getTagsList().contains(SERVE))
            .findFirst()
            .orElseThrow(() -> new ModelRefusedException("it has no graph with the tag " + SERVE));
    try {
      return of(folder, meta, wishes);
    } catch (TensorFlowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new ModelRefusedException("its graph is damaged: " + firstLine(e), e);
    }
  }

  private static BaseGraph of(Path folder, MetaGraphDef meta, Wishes wishes)
      throws IOException, ModelRefusedException {
    ImportedSignature signature = ImportedSignature.of(meta);
    Inlining.Flat flat = Inlining.of(meta.getGraphDef());
    Map<String, NodeDef> nodes =
        frozen(folder, meta, Reached.from(flat.nodes(), flat.tensor(signature.output())));
    nodes = FoldedConstants.of(nodes);
    return new Canonical(nodes, meta.getGraphDef().getVersions(), signature, wishes)
        .of(flat.tensor(signature.input()), flat.tensor(signature.output()));
  }

  /** The nodes with a constant wherever a variable was read. */
  private static Map<String, NodeDef> frozen(
      Path folder, MetaGraphDef meta, Map<String, NodeDef> nodes)
      throws IOException, ModelRefusedException {
    requireFlat(nodes);
    List<String> variables =
        nodes.values().stream()
            .filter(node -> VARIABLES.contains(node.getOp()))
            .map(NodeDef::getName)
            .toList();
    Map<String, NodeDef> values = values(folder, meta, nodes, variables);
    Map<String, NodeDef> frozen = new LinkedHashMap<>();
    for (NodeDef node : nodes.values()) {
      if (node.getOp().equals("ReadVariableOp")) {
        NodeDef value = values.get(Tensors.node(node.getInput(0)));
        if (value == null) {
          throw new ModelRefusedException(
              "'%s' reads no variable that can be found".formatted(node.getName()));
        }
        frozen.put(node.getName(), value.toBuilder().setName(node.getName()).build());
      } else if (!node.getOp().equals("VarHandleOp")) {
        frozen.put(
            node.getName(), values.containsKey(node.getName()) ? values.get(node.getName()) : node);
      }
    }
    return frozen;
  }

  private static void requireFlat(Map<String, NodeDef> nodes) throws ModelRefusedException {
    for (NodeDef node : nodes.values()) {
      for (AttrValue value : node.getAttrMap().values()) {
        if (value.hasFunc() || value.getList().getFuncCount() > 0) {
          throw new ModelRefusedException(
              "'%s' is a %s, which a network of others must not have"
                  .formatted(node.getName(), node.getOp()));
        }
      }
      if (node.getOp().equals("ResourceGather")) {
        throw new ModelRefusedException(
            "'%s' looks values up in a variable, as networks for words do"
                .formatted(node.getName()));
      }
    }
  }

  private static Map<String, NodeDef> values(
      Path folder, MetaGraphDef meta, Map<String, NodeDef> nodes, List<String> variables)
      throws IOException, ModelRefusedException {
    Map<String, NodeDef> values = new LinkedHashMap<>();
    if (variables.isEmpty()) {
      return values;
    }
    if (!Files.isRegularFile(folder.resolve("variables").resolve("variables.index"))) {
      throw new IOException(
          "%s has variables, and there is no variables/variables.index".formatted(folder));
    }
    try (SavedModelBundle bundle =
        SavedModelBundle.loader(folder.toString())
            .withTags(meta.getMetaInfoDef().getTagsList().toArray(String[]::new))
            .withConfigProto(Gpus.none())
            .load()) {
      Session.Runner runner = bundle.session().runner();
      Ops tf = Ops.create(bundle.graph());
      for (String variable : variables) {
        runner.fetch(reading(tf, bundle, nodes.get(variable)));
      }
      try (Result result = runner.run()) {
        for (int i = 0; i < variables.size(); i++) {
          values.put(
              variables.get(i), Tensors.constant(variables.get(i), result.get(i).asRawTensor()));
        }
      }
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new ModelRefusedException(
          "its variables cannot be read: %s".formatted(firstLine(e)), e);
    }
    return values;
  }

  private static Output<?> reading(Ops tf, SavedModelBundle bundle, NodeDef variable)
      throws ModelRefusedException {
    Output<?> handle = bundle.graph().outputOrThrow(variable.getName());
    if (!variable.getOp().equals("VarHandleOp")) {
      return handle;
    }
    DataType type = variable.getAttrOrThrow("dtype").getType();
    Class<? extends TType> java = TYPES.get(type);
    if (java == null) {
      throw new ModelRefusedException(
          "the variable '%s' is of %s".formatted(variable.getName(), type));
    }
    return tf.readVariableOp(handle.asOutput(), java).asOutput();
  }

  static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** A graph of nodes. */
  static GraphDef graph(Map<String, NodeDef> nodes, org.tensorflow.proto.VersionDef versions) {
    return GraphDef.newBuilder()
        .addAllNode(new ArrayList<>(nodes.values()))
        .setVersions(versions)
        .build();
  }
}
