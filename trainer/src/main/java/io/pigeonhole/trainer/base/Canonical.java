package io.pigeonhole.trainer.base;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.base.SavedModelImport.Wishes;
import io.pigeonhole.trainer.network.Tensors;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VersionDef;

/**
 * Brings an imported graph to the form of a base: bytes in, features out, what the network wants to
 * be given in between.
 */
final class Canonical {

  /** The size that most networks for ImageNet are meant for. */
  private static final int USUAL = 224;

  private static final int SMALLEST = 8;
  private static final int LARGEST = 1024;
  private static final String IMAGES = "images";
  private static final String FEATURES = "features";

  /** In front of the names of the network's own nodes. */
  private static final String PREFIX = "base/";

  private final Map<String, NodeDef> nodes;
  private final VersionDef versions;
  private final ImportedSignature signature;
  private final Wishes wishes;

  /**
   * Prepares a graph.
   *
   * @param nodes by name, without variables, calls or what can be computed beforehand
   */
  Canonical(
      Map<String, NodeDef> nodes, VersionDef versions, ImportedSignature signature, Wishes wishes) {
    this.nodes = nodes;
    this.versions = versions;
    this.signature = signature;
    this.wishes = wishes;
  }

  /**
   * Makes the base.
   *
   * @param input tensor that takes images
   * @param output tensor that answers
   */
  BaseGraph of(String input, String output) throws ModelRefusedException {
    NodeDef placeholder = nodes.get(Tensors.node(input));
    if (placeholder == null || !placeholder.getOp().startsWith("Placeholder")) {
      throw new ModelRefusedException("its answer does not depend on the image");
    }
    int size = size();
    InputRange range = range(placeholder.getName());
    Map<String, NodeDef> all = FoldedScales.of(nodes, Set.of(Tensors.node(output)));
    FeaturePlace place = FeaturePlace.of(all, output, signature.outputRank(), wishes.features());
    Map<String, NodeDef> part = Reached.from(all, place.tensor());
    if (!part.containsKey(placeholder.getName())) {
      throw new ModelRefusedException(
          "the features '%s' do not depend on the image".formatted(place.tensor()));
    }
    Map<String, NodeDef> whole = new LinkedHashMap<>();
    String given = addInput(whole, range, size);
    part.remove(placeholder.getName());
    for (NodeDef node : part.values()) {
      NodeDef.Builder copy = node.toBuilder().setName(named(node.getName())).clearInput();
      for (String each : node.getInputList()) {
        copy.addInput(Tensors.node(each).equals(placeholder.getName()) ? given : named(each));
      }
      whole.put(copy.getName(), copy.build());
    }
    addFeatures(whole, place);
    GraphDef graph = SavedModelImport.graph(whole, versions);
    return TriedBase.of(new BaseGraph(graph, IMAGES, FEATURES, size, 0));
  }

  /** A base that is read back has the prefix already. */
  private static String named(String name) {
    return name.startsWith(PREFIX) ? name : PREFIX + name;
  }

  private InputRange range(String placeholder) throws ModelRefusedException {
    if (signature.bytes()) {
      return InputRange.BYTES;
    }
    return wishes.range().isPresent()
        ? wishes.range().get()
        : new SeenRange(nodes, placeholder).range();
  }

  private int size() throws ModelRefusedException {
    int wished = wishes.size().orElse(signature.height() > 0 ? signature.height() : USUAL);
    if (signature.height() > 0 && wished != signature.height()) {
      throw new ModelRefusedException(
          "it takes images of %d×%d only, not of %d×%d"
              .formatted(signature.height(), signature.width(), wished, wished));
    }
    if (wished < SMALLEST || wished > LARGEST) {
      throw new ModelRefusedException(
          "it takes images of %d×%d; expected %d to %d"
              .formatted(wished, wished, SMALLEST, LARGEST));
    }
    return wished;
  }

  /** From bytes to what the network is given; answers the name of that. */
  private String addInput(Map<String, NodeDef> whole, InputRange range, int size) {
    long side = signature.height() > 0 ? size : -1;
    AttrValue shape =
        AttrValue.newBuilder().setShape(Tensors.shape(Shape.of(-1, side, side, 3))).build();
    put(
        whole,
        NodeDef.newBuilder()
            .setName(IMAGES)
            .setOp("Placeholder")
            .putAttr("dtype", Tensors.type(DataType.DT_UINT8))
            .putAttr("shape", shape));
    if (signature.bytes()) {
      return IMAGES;
    }
    put(
        whole,
        NodeDef.newBuilder()
            .setName("image_values")
            .setOp("Cast")
            .addInput(IMAGES)
            .putAttr("SrcT", Tensors.type(DataType.DT_UINT8))
            .putAttr("DstT", Tensors.type(DataType.DT_FLOAT)));
    String last = "image_values";
    if (range.blueFirst()) {
      last = reversed(whole, last);
    }
    if (range != InputRange.BYTES) {
      last = joined(whole, "image_scaled", "Mul", last, range.scale());
      last = joined(whole, "image_shifted", "AddV2", last, range.shift());
    }
    return last;
  }

  private static String reversed(Map<String, NodeDef> whole, String values) {
    put(whole, Tensors.constant("image_channels", 3).toBuilder());
    put(
        whole,
        NodeDef.newBuilder()
            .setName("image_reversed")
            .setOp("ReverseV2")
            .addInput(values)
            .addInput("image_channels")
            .putAttr("T", Tensors.type(DataType.DT_FLOAT))
            .putAttr("Tidx", Tensors.type(DataType.DT_INT32)));
    return "image_reversed";
  }

  private static String joined(
      Map<String, NodeDef> whole, String name, String op, String values, float[] constants) {
    NodeDef constant = Tensors.constant(name + "_by", Shape.of(3), constants);
    whole.put(constant.getName(), constant);
    put(
        whole,
        NodeDef.newBuilder()
            .setName(name)
            .setOp(op)
            .addAllInput(new ArrayList<>(List.of(values, constant.getName())))
            .putAttr("T", Tensors.type(DataType.DT_FLOAT)));
    return name;
  }

  private static void addFeatures(Map<String, NodeDef> whole, FeaturePlace place) {
    String from = named(place.tensor());
    if (place.mean() instanceof FeaturePlace.Places) {
      addMean(whole, from, 1, 2);
    } else if (place.mean() instanceof FeaturePlace.Views views) {
      put(whole, Tensors.constant("views_shape", views.views(), -1, views.count()).toBuilder());
      put(
          whole,
          NodeDef.newBuilder()
              .setName("views")
              .setOp("Reshape")
              .addInput(from)
              .addInput("views_shape")
              .putAttr("T", Tensors.type(DataType.DT_FLOAT))
              .putAttr("Tshape", Tensors.type(DataType.DT_INT32)));
      addMean(whole, "views", 0);
    } else {
      put(
          whole,
          NodeDef.newBuilder()
              .setName(FEATURES)
              .setOp("Identity")
              .addInput(from)
              .putAttr("T", Tensors.type(DataType.DT_FLOAT)));
    }
  }

  private static void addMean(Map<String, NodeDef> whole, String from, int... over) {
    put(whole, Tensors.constant(FEATURES + "_over", over).toBuilder());
    put(
        whole,
        NodeDef.newBuilder()
            .setName(FEATURES)
            .setOp("Mean")
            .addInput(from)
            .addInput(FEATURES + "_over")
            .putAttr("T", Tensors.type(DataType.DT_FLOAT))
            .putAttr("Tidx", Tensors.type(DataType.DT_INT32))
            .putAttr("keep_dims", AttrValue.newBuilder().setB(false).build()));
  }

  private static void put(Map<String, NodeDef> whole, NodeDef.Builder node) {
    whole.put(node.getName(), node.build());
  }
}
