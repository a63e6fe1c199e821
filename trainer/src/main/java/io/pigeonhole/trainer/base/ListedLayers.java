package io.pigeonhole.trainer.base;

import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.pigeonhole.trainer.base.WeightLayer.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Keras before 3 ({@code .h5}): the attribute {@code layer_names} lists the layers in the order of
 * the model, and {@code weight_names} of each lists its arrays. As Keras does, they are taken in
 * this order, whatever their names: files that are published have names of older versions.
 */
final class ListedLayers implements LayerPaths {

  static final String NAMES = "layer_names";

  /** The group that has them in a file of a whole model. */
  static final String OF_MODEL = "model_weights";

  private static final String ARRAYS = "weight_names";
  private static final int MOST_NAMES = 10_000;
  private static final int ARRAYS_OF_NORM = 4;
  private static final int RANK_OF_KERNEL = 4;

  private final Path file;
  private final Deque<List<String>> kernels = new ArrayDeque<>();
  private final Deque<List<String>> norms = new ArrayDeque<>();

  private ListedLayers(Path file) {
    this.file = file;
  }

  static ListedLayers of(Path file, Group group) throws IOException {
    ListedLayers layers = new ListedLayers(file);
    for (String name : layers.strings(group, NAMES)) {
      Node node =
          HdfNodes.find(group, name)
              .orElseThrow(
                  () ->
                      new InvalidWeightsException(
                          "%s lists a layer '%s' but has none".formatted(file, name)));
      if (!(node instanceof Group layer)) {
        throw new InvalidWeightsException("%s: layer '%s' is an array".formatted(file, name));
      }
      layers.add(layer);
    }
    return layers;
  }

  /** Whatever is neither convolution nor batch normalisation is of no interest. */
  private void add(Group layer) throws IOException {
    List<String> names = strings(layer, ARRAYS);
    String inside = layer.getPath().substring(1);
    List<String> paths = names.stream().map(name -> inside + name).toList();
    if (names.size() == ARRAYS_OF_NORM) {
      norms.add(paths);
    } else if (!names.isEmpty()
        && HdfNodes.find(layer, names.get(0)).orElse(null) instanceof Dataset first
        && first.getDimensions().length == RANK_OF_KERNEL) {
      kernels.add(paths);
    }
  }

  private List<String> strings(Group group, String attribute) throws IOException {
    Attribute found = group.getAttributes().get(attribute);
    if (found == null) {
      throw new InvalidWeightsException(
          "%s: '%s' has no attribute '%s'".formatted(file, group.getPath(), attribute));
    }
    if (found.isEmpty() || found.getSize() == 0) {
      return List.of();
    }
    if (found.getSize() > MOST_NAMES) {
      throw new InvalidWeightsException(
          "%s: '%s' of '%s' has %d names; expected at most %d"
              .formatted(file, attribute, group.getPath(), found.getSize(), MOST_NAMES));
    }
    if (!(found.getData() instanceof String[] names)) {
      throw new InvalidWeightsException(
          "%s: '%s' of '%s' is %s; expected a list of names"
              .formatted(file, attribute, group.getPath(), found.getJavaType().getSimpleName()));
    }
    return List.of(names);
  }

  @Override
  public List<String> next(WeightLayer layer) throws IOException {
    List<String> paths = (layer.kind() == Kind.NORM ? norms : kernels).poll();
    if (paths == null) {
      throw new InvalidWeightsException(
          "%s has too few layers: expected %s next, found none".formatted(file, layer.name()));
    }
    return paths;
  }

  @Override
  public void end() throws IOException {
    List<List<String>> left = new ArrayList<>(kernels);
    left.addAll(norms);
    if (!left.isEmpty()) {
      throw new InvalidWeightsException(
          "%s has layers that the network does not have, such as %s".formatted(file, left.get(0)));
    }
  }
}
