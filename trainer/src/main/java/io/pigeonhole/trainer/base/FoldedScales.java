package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.network.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;

/**
 * Multiplies into the kernels of convolutions what scales their channels afterwards, above all
 * batch normalisation, and adds up to one bias what is added to them: the same function in fewer
 * steps, in the form that TensorFlow computes as one.
 */
final class FoldedScales {

  private static final Set<String> CONVOLUTIONS = Set.of("Conv2D", "DepthwiseConv2dNative");

  private final Map<String, NodeDef> nodes;
  private final Map<String, List<String>> takers = new HashMap<>();
  private final Map<String, NodeDef> replaced = new HashMap<>();
  private final Set<String> gone = new HashSet<>();

  private FoldedScales(Map<String, NodeDef> nodes, Set<String> kept) {
    this.nodes = nodes;
    for (NodeDef node : nodes.values()) {
      node.getInputList()
          .forEach(
              input ->
                  takers
                      .computeIfAbsent(Tensors.node(input), key -> new ArrayList<>())
                      .add(node.getName()));
    }
    kept.forEach(each -> takers.computeIfAbsent(each, key -> new ArrayList<>()).add(""));
  }

  /**
   * Folds what can be folded.
   *
   * @param nodes by name, with constants computed
   * @param kept names of nodes whose output is wanted as it is
   */
  static Map<String, NodeDef> of(Map<String, NodeDef> nodes, Set<String> kept) {
    FoldedScales folding = new FoldedScales(nodes, kept);
    nodes.values().stream()
        .filter(node -> CONVOLUTIONS.contains(node.getOp()))
        .forEach(folding::fold);
    return folding.result();
  }

  /** What happens to each channel: {@code scale * value + shift}. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Affine(float[] scale, float[] shift) {

    static Affine identity(int channels) {
      float[] ones = new float[channels];
      Arrays.fill(ones, 1);
      return new Affine(ones, new float[channels]);
    }

    Affine then(Affine next) {
      float[] scales = scale.clone();
      float[] shifts = shift.clone();
      for (int i = 0; i < scales.length; i++) {
        scales[i] *= next.scale[i];
        shifts[i] = shifts[i] * next.scale[i] + next.shift[i];
      }
      return new Affine(scales, shifts);
    }
  }

  private void fold(NodeDef convolution) {
    NodeDef kernel = nodes.get(Tensors.node(convolution.getInput(1)));
    if (kernel == null || !Tensors.isFloats(kernel) || !isChannelsLast(convolution)) {
      return;
    }
    Shape shape = Tensors.shape(kernel);
    boolean depthwise = convolution.getOp().startsWith("Depthwise");
    int channels = (int) (depthwise ? shape.get(2) * shape.get(3) : shape.get(3));
    Affine sum = Affine.identity(channels);
    NodeDef last = convolution;
    List<NodeDef> folded = new ArrayList<>();
    for (Optional<NodeDef> next = onlyTaker(last); next.isPresent(); next = onlyTaker(last)) {
      Optional<Affine> affine = affine(next.get(), last.getName(), channels);
      if (affine.isEmpty()) {
        break;
      }
      sum = sum.then(affine.get());
      last = next.get();
      folded.add(last);
    }
    if (!folded.isEmpty()) {
      replace(convolution, kernel, shape, sum, folded);
    }
  }

  private static boolean isChannelsLast(NodeDef node) {
    AttrValue format = node.getAttrMap().get("data_format");
    return format == null || format.getS().toStringUtf8().equals("NHWC");
  }

  private Optional<NodeDef> onlyTaker(NodeDef node) {
    List<String> all = takers.getOrDefault(node.getName(), List.of());
    return all.size() == 1 ? Optional.ofNullable(nodes.get(all.get(0))) : Optional.empty();
  }

  /** What a node does to each channel of its input, if that is all it does. */
  private Optional<Affine> affine(NodeDef node, String input, int channels) {
    return switch (node.getOp()) {
      case "Mul" -> other(node, input, channels).map(s -> new Affine(s, new float[channels]));
      case "AddV2", "Add", "BiasAdd" -> other(node, input, channels).map(FoldedScales::shifted);
      case "Sub" ->
          Tensors.node(node.getInput(0)).equals(input)
              ? other(node, input, channels).map(values -> shifted(negative(values)))
              : Optional.empty();
      case "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3" -> normalised(node, channels);
      default -> Optional.empty();
    };
  }

  private static Affine shifted(float[] shift) {
    return new Affine(Affine.identity(shift.length).scale(), shift);
  }

  private static float[] negative(float[] values) {
    float[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = -result[i];
    }
    return result;
  }

  /** The constant with which a node of two inputs joins the channels, one value a channel. */
  private Optional<float[]> other(NodeDef node, String input, int channels) {
    boolean first = Tensors.node(node.getInput(0)).equals(input);
    return perChannel(nodes.get(Tensors.node(node.getInput(first ? 1 : 0))), channels);
  }

  private static Optional<float[]> perChannel(NodeDef constant, int channels) {
    if (constant == null || !Tensors.isFloats(constant)) {
      return Optional.empty();
    }
    Shape shape = Tensors.shape(constant);
    float[] values = Tensors.floats(constant);
    if (values.length == 1 && shape.numDimensions() <= 4) {
      float[] all = new float[channels];
      Arrays.fill(all, values[0]);
      return Optional.of(all);
    }
    boolean lastOnly =
        shape.numDimensions() <= 4 && shape.get(-1) == channels && values.length == channels;
    return lastOnly ? Optional.of(values) : Optional.empty();
  }

  private Optional<Affine> normalised(NodeDef node, int channels) {
    AttrValue training = node.getAttrMap().get("is_training");
    if (training == null || training.getB() || !isChannelsLast(node)) {
      return Optional.empty();
    }
    List<float[]> values = new ArrayList<>();
    for (int i = 1; i < 5; i++) {
      perChannel(nodes.get(Tensors.node(node.getInput(i))), channels).ifPresent(values::add);
    }
    if (values.size() < 4) {
      return Optional.empty();
    }
    AttrValue epsilon = node.getAttrMap().get("epsilon");
    double added = epsilon == null ? 1e-4 : epsilon.getF();
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    for (int i = 0; i < channels; i++) {
      double factor = values.get(0)[i] / Math.sqrt(values.get(3)[i] + added);
      scale[i] = (float) factor;
      shift[i] = (float) (values.get(1)[i] - values.get(2)[i] * factor);
    }
    return Optional.of(new Affine(scale, shift));
  }

  /** The last of the folded nodes becomes the bias: whoever takes it need not know. */
  private void replace(
      NodeDef convolution, NodeDef kernel, Shape shape, Affine sum, List<NodeDef> folded) {
    String name = convolution.getName();
    float[] numbers = Tensors.floats(kernel);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= sum.scale()[i % sum.scale().length];
    }
    NodeDef scaled = Tensors.constant(name + "_kernel", shape, numbers);
    NodeDef bias = Tensors.constant(name + "_bias", Shape.of(sum.shift().length), sum.shift());
    replaced.put(name, convolution.toBuilder().setInput(1, scaled.getName()).build());
    NodeDef last = folded.remove(folded.size() - 1);
    folded.forEach(each -> gone.add(each.getName()));
    replaced.put(
        last.getName(),
        NodeDef.newBuilder()
            .setName(last.getName())
            .setOp("BiasAdd")
            .addInput(name)
            .addInput(bias.getName())
            .putAttr("T", convolution.getAttrOrThrow("T"))
            .build());
    replaced.put(scaled.getName(), scaled);
    replaced.put(bias.getName(), bias);
  }

  private Map<String, NodeDef> result() {
    Map<String, NodeDef> all = new LinkedHashMap<>(nodes);
    all.putAll(replaced);
    gone.forEach(all::remove);
    return all;
  }
}
