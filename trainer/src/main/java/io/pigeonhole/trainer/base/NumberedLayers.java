package io.pigeonhole.trainer.base;

import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Keras 3 ({@code .weights.h5}): {@code layers/conv2d_3/vars/0} is the first array of the fourth
 * convolution of the model.
 */
final class NumberedLayers implements LayerPaths {

  static final String GROUP = "layers";

  private final Path file;
  private final HdfFile hdf;
  private final Map<WeightLayer.Kind, Integer> taken = new EnumMap<>(WeightLayer.Kind.class);

  NumberedLayers(Path file, HdfFile hdf) {
    this.file = file;
    this.hdf = hdf;
  }

  @Override
  public List<String> next(WeightLayer layer) throws IOException {
    String arrays = path(layer.kind()) + "/vars";
    if (!(HdfNodes.find(hdf, arrays).orElse(null) instanceof Group group)) {
      throw new InvalidWeightsException(
          "%s has no group '%s' (for layer %s)".formatted(file, arrays, layer.name()));
    }
    taken.merge(layer.kind(), 1, Integer::sum);
    return IntStream.range(0, group.getChildren().size()).mapToObj(i -> arrays + "/" + i).toList();
  }

  private String path(WeightLayer.Kind kind) {
    int number = taken.getOrDefault(kind, 0);
    return "%s/%s%s".formatted(GROUP, kind.keras(), number == 0 ? "" : "_" + number);
  }

  @Override
  public void end() throws IOException {
    List<String> left = new ArrayList<>();
    for (WeightLayer.Kind kind : WeightLayer.Kind.values()) {
      HdfNodes.find(hdf, path(kind)).ifPresent(node -> left.add(path(kind)));
    }
    if (!left.isEmpty()) {
      throw new InvalidWeightsException(
          "%s has layers that the network does not have, such as %s".formatted(file, left.get(0)));
    }
  }
}
