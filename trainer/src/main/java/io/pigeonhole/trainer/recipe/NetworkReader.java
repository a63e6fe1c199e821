package io.pigeonhole.trainer.recipe;

import io.pigeonhole.trainer.recipe.Layer.Activation;
import io.pigeonhole.trainer.recipe.Layer.Dense;
import io.pigeonhole.trainer.recipe.Layer.Padding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code network}, and says which layer does not fit the images. */
final class NetworkReader {

  private static final int MOST_LAYERS = 200;
  private static final int LARGEST_KERNEL = 31;
  private static final int MOST_FILTERS = 8192;
  private static final int MOST_UNITS = 65_536;
  private static final int LARGEST_POOL = 64;
  private static final long MOST_WEIGHTS = 1L << 28;
  private static final String CLASSES = "classes";

  private static final List<String> KINDS =
      List.of(
          "rescale",
          "standardise",
          "base",
          "whitening",
          "conv",
          "global-max",
          "global-average",
          "flatten",
          "dropout",
          "dense");

  private final Section file;
  private final Mistakes mistakes;

  NetworkReader(Section file) {
    this.file = file;
    this.mistakes = file.mistakes();
  }

  /** A layer and where it is written. */
  private record Item(Layer layer, Node node) {}

  List<Layer> read(int size, int channels, List<Stage> stages) {
    List<Item> items = new ArrayList<>();
    List<Node> nodes = file.list("network", MOST_LAYERS, "layers");
    for (Node node : nodes) {
      String path = path(items.size());
      Optional<Variant> variant = Variant.of(mistakes, path, node, KINDS);
      Optional<Layer> layer = variant.map(NetworkReader::layer);
      variant.map(Variant::keys).ifPresent(Section::end);
      layer.ifPresent(each -> items.add(new Item(each, node)));
    }
    if (mistakes.isEmpty() && !items.isEmpty()) {
      requireEnds(items);
      requireFit(items, Form.image(size, channels));
      for (Stage stage : stages.subList(0, stages.size() - 1)) {
        requireSameWeights(items, size, stage.size(), channels);
      }
    }
    return items.stream().map(Item::layer).toList();
  }

  private static String path(int layer) {
    return "network[%d]".formatted(layer + 1);
  }

  private static Layer layer(Variant variant) {
    Section keys = variant.keys();
    return switch (variant.name()) {
      case "rescale" -> new Layer.Rescale();
      case "standardise" -> new Layer.Standardise();
      case "base" ->
          new Layer.Base(
              Optional.empty(),
              keys.truth("covariances", false),
              keys.number("trained", Range.of(0, 1), 0));
      case "whitening" -> new Layer.Whitening(keys.whole("size", 2, 5, 2));
      case "conv" -> conv(keys);
      case "global-max" -> new Layer.GlobalMax();
      case "global-average" -> new Layer.GlobalAverage();
      case "flatten" -> new Layer.Flatten();
      case "dropout" -> new Layer.Dropout(keys.number("rate", Range.below(0, 1)));
      default -> dense(keys);
    };
  }

  private static Layer conv(Section keys) {
    return new Layer.Conv(
        keys.whole("filters", 1, MOST_FILTERS),
        keys.whole("size", 1, LARGEST_KERNEL, 3),
        keys.choice("padding", Padding.VALID),
        keys.whole("stride", 1, LARGEST_KERNEL, 1),
        keys.whole("pool", 1, LARGEST_POOL, 1),
        keys.truth("batch-norm", false),
        keys.truth("residual", false),
        keys.choice("activation", Activation.RELU));
  }

  private static Layer dense(Section keys) {
    boolean classes = keys.value("units").flatMap(Scalar::text).equals(Optional.of(CLASSES));
    Function<Section, Integer> units =
        section ->
            section
                .required("units", "a whole number, or 'classes' for one a class of the data")
                .flatMap(
                    node -> {
                      Optional<Long> found =
                          Scalar.whole(node).filter(n -> n >= 1 && n <= MOST_UNITS);
                      if (found.isEmpty()) {
                        section.wrong(
                            "units",
                            node,
                            Scalar.wholeNumbers(1, MOST_UNITS)
                                + ", or 'classes' for one a class of the data");
                      }
                      return found;
                    })
                .orElse(1L)
                .intValue();
    return new Dense(
        classes ? Dense.CLASSES : units.apply(keys),
        keys.choice("activation", Activation.NONE),
        keys.truth("bias", true),
        keys.number("scale", Range.of(1e-6, 1e6), 1));
  }

  private void requireEnds(List<Item> items) {
    for (int i = 0; i < items.size(); i++) {
      Layer layer = items.get(i).layer();
      boolean reads =
          layer instanceof Layer.Rescale
              || layer instanceof Layer.Standardise
              || layer instanceof Layer.Base;
      boolean first = i == 0;
      boolean last = i == items.size() - 1;
      if (first && !reads) {
        add(items, i, "the first layer must be rescale, standardise or base: images are bytes");
      }
      if (!first && reads) {
        add(items, i, "reads the bytes of the image, so it can only be the first layer");
      }
      if (layer instanceof Layer.Whitening
          && !(i == 1 && items.get(0).layer() instanceof Layer.Standardise)) {
        add(items, i, "whitening is made for what comes out of standardise, right before it");
      }
      boolean answers = layer instanceof Dense dense && dense.units() == Dense.CLASSES;
      if (last
          && !(answers && layer instanceof Dense dense && dense.activation() == Activation.NONE)) {
        add(items, i, "the last layer must be 'dense: {units: classes}' without activation");
      }
      if (!last && answers) {
        add(items, i, "only the last layer can have 'units: classes'");
      }
    }
  }

  private void requireFit(List<Item> items, Form image) {
    Form form = image;
    long weights = 0;
    for (int i = 0; i < items.size(); i++) {
      Layer layer = items.get(i).layer();
      weights += weights(layer, form);
      try {
        form = form.after(layer);
      } catch (IllegalArgumentException e) {
        add(
            items,
            i,
            e.getMessage() + " (images of %d×%d)".formatted(image.width(), image.width()));
        return;
      }
      if (weights > MOST_WEIGHTS) {
        add(items, i, "brings the network to more than %,d weights".formatted(MOST_WEIGHTS));
        return;
      }
    }
  }

  private static long weights(Layer layer, Form in) {
    if (layer instanceof Layer.Conv conv) {
      return (long) conv.size() * conv.size() * in.channels() * conv.filters();
    }
    return layer instanceof Dense dense ? (long) in.channels() * dense.units() : 0;
  }

  /** The weights are shared by all sizes, so only what forgets the size can end the pixels. */
  private void requireSameWeights(List<Item> items, int size, int smaller, int channels) {
    Form full = Form.image(size, channels);
    Form small = Form.image(smaller, channels);
    for (int i = 0; i < items.size() && mistakes.isEmpty(); i++) {
      try {
        full = full.after(items.get(i).layer());
        small = small.after(items.get(i).layer());
      } catch (IllegalArgumentException e) {
        add(
            items,
            i,
            e.getMessage() + " (the stage with images of %d×%d)".formatted(smaller, smaller));
        return;
      }
      if (full.channels() != small.channels()) {
        add(
            items,
            i,
            "makes %,d values of images of %d×%d and %,d of those of a stage, %d×%d; with stages,"
                    .formatted(full.channels(), size, size, small.channels(), smaller, smaller)
                + " use global-max or global-average");
        return;
      }
    }
  }

  private void add(List<Item> items, int layer, String text) {
    mistakes.add(items.get(layer).node(), path(layer), text);
  }
}
