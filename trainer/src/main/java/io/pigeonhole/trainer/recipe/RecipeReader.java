package io.pigeonhole.trainer.recipe;

import io.pigeonhole.trainer.recipe.Augmentation.Fill;
import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import io.pigeonhole.trainer.recipe.Augmentation.Warp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.nodes.Node;

/** Makes a recipe of a file's keys and values. */
final class RecipeReader {

  private static final int LARGEST_IMAGE = 1024;
  private static final int MOST_STAGES = 10;
  private static final int MOST_EPOCHS = 100_000;
  private static final int MOST_STEPS = 1_000_000;
  private static final int LARGEST_BATCH = 16_384;
  private static final int MOST_VIEWS = 100;
  private static final int MOST_CANDIDATES = 50;

  private static final Layer PLAIN =
      new Layer.Dense(Layer.Dense.CLASSES, Layer.Activation.NONE, true, 1);

  private final Mistakes mistakes;

  RecipeReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /** Reads a whole file. What it answers is a recipe only if there were no mistakes. */
  Recipe read(String name, Node tree) {
    Section file = new Section(mistakes, "", tree);
    Optional<Section> input =
        file.required("input", "the size of an image, as in 'input: {size: 32}'")
            .map(node -> new Section(mistakes, "input", node));
    int size = input.map(section -> section.whole("size", 8, LARGEST_IMAGE)).orElse(8);
    int channels = input.map(this::channels).orElse(Recipe.COLOURS);
    List<Stage> stages = input.map(section -> stages(section, size)).orElse(List.of());
    input.ifPresent(Section::end);
    List<Layer> layers = new NetworkReader(file).read(size, channels, stages);
    boolean base = !layers.isEmpty() && layers.get(0) instanceof Layer.Base;
    boolean steps = !base || ((Layer.Base) layers.get(0)).trained() > 0;
    Recipe recipe =
        new Recipe(
            name,
            size,
            channels,
            layers,
            stages,
            file.section("augmentation").map(s -> augmentation(s, size)).orElse(Augmentation.NONE),
            file.choice("balance", Balance.NONE),
            objective(file),
            steps ? new OptimiserReader(file).read() : new Optimiser.Adam(0),
            file.whole("lookahead", 0, 1000, 0),
            new ScheduleReader(file).read(),
            file.choice("views", ServingViews.ONE),
            steps ? length(file) : Length.of(1, 1),
            base ? transfer(file) : Transfer.USUAL,
            file.choice("precision", Numbers.AUTO),
            file.large("seed", 1));
    if (base) {
      requireBaseFits(file, recipe);
    }
    file.end();
    return recipe;
  }

  private static void requireBaseFits(Section file, Recipe recipe) {
    if (recipe.channels() != Recipe.COLOURS || recipe.stages().size() > 1) {
      file.wrong("input", file.at("input"), "neither channels nor stages before a base");
    }
    if (recipe.views() == ServingViews.SHIFTED) {
      file.wrong("views", file.at("views"), "one or mirrored after a base");
    }
    boolean plain = recipe.layers().size() == 2 && recipe.layers().get(1).equals(PLAIN);
    if (recipe.transfer().loss() == Transfer.Loss.SQUARED && !plain) {
      file.wrong(
          "transfer",
          file.at("transfer"),
          "loss: squared only where the network is base and 'dense: {units: classes}'");
    }
    if (recipe.transfer().loss() == Transfer.Loss.SQUARED
        && !recipe.fineTunes()
        && recipe.objective().labelSmoothing() > 0) {
      file.wrong("loss", file.at("loss"), "no label-smoothing with transfer.loss: squared");
    }
    if (recipe.numbers() == Numbers.BFLOAT16) {
      file.wrong("precision", file.at("precision"), "float32, in which a base computes");
    }
  }

  private Transfer transfer(Section file) {
    Optional<Section> section = file.section("transfer");
    if (section.isEmpty()) {
      return Transfer.USUAL;
    }
    int views = section.get().whole("views", 1, MOST_VIEWS, Transfer.USUAL.views());
    List<Double> l2 = Transfer.USUAL.l2();
    if (section.get().has("l2")) {
      l2 = section.get().numbers("l2", MOST_CANDIDATES, Range.of(0, 1e6));
    }
    Transfer.Loss loss = section.get().choice("loss", Transfer.USUAL.loss());
    section.get().end();
    return new Transfer(views, l2, loss);
  }

  private int channels(Section input) {
    int channels = input.whole("channels", 1, Recipe.COLOURS, Recipe.COLOURS);
    if (channels == 2) {
      input.wrong("channels", input.at("channels"), "1 for grey, or 3 for colours");
    }
    return channels == 2 ? Recipe.COLOURS : channels;
  }

  private List<Stage> stages(Section input, int size) {
    List<Stage> stages = new ArrayList<>();
    if (input.has("stages")) {
      double last = 0;
      for (Node item : input.list("stages", MOST_STAGES, "stages")) {
        Section section =
            new Section(mistakes, "input.stages[%d]".formatted(stages.size() + 1), item);
        int before = mistakes.count();
        Stage stage =
            new Stage(section.whole("size", 8, size), section.number("until", Range.below(0, 1)));
        if (mistakes.count() == before && stage.until() <= last) {
          section.wrong("until", section.at("until"), "more than the stage before it, " + last);
        }
        last = Math.max(last, stage.until());
        section.end();
        stages.add(stage);
      }
    }
    stages.add(new Stage(size, 1));
    return stages;
  }

  private Augmentation augmentation(Section section, int size) {
    Warp warp =
        new Warp(
            section.number("rotate", Range.of(0, 180), 0),
            section.number("shift", Range.of(0, 1), 0),
            section.number("shear", Range.of(0, 60), 0),
            section.number("zoom", Range.below(0, 1), 0));
    boolean warps = !warp.equals(Warp.NONE);
    Augmentation augmentation =
        new Augmentation(
            section.choice("flip", Flip.NONE),
            section.whole("translate", 0, size - 1, 0),
            section.whole("cutout", 0, size, 0),
            section.number("cutmix", Range.of(0, 1), 0),
            warp,
            section.choice("fill", warps ? Fill.NEAREST : Fill.REFLECT),
            section.number("jitter", Range.of(0, 1), 0));
    section.end();
    return augmentation;
  }

  private Objective objective(Section file) {
    Optional<Variant> loss =
        file.value("loss")
            .flatMap(
                node ->
                    Variant.of(
                        mistakes, "loss", node, List.of("sparse-categorical", "categorical")));
    double smoothing =
        loss.map(
                variant -> {
                  Section keys = variant.keys();
                  double part = keys.number("label-smoothing", Range.below(0, 1), 0);
                  keys.end();
                  return part;
                })
            .orElse(0.0);
    Objective.Loss kind =
        loss.filter(variant -> variant.name().equals("categorical"))
            .map(variant -> Objective.Loss.CATEGORICAL)
            .orElse(Objective.Loss.SPARSE_CATEGORICAL);
    Optional<Section> regularisation = file.section("regularisation");
    double l1 = regularisation.map(s -> s.number("l1", Range.of(0, 100), 0)).orElse(0.0);
    double l2 = regularisation.map(s -> s.number("l2", Range.of(0, 100), 0)).orElse(0.0);
    regularisation.ifPresent(Section::end);
    return new Objective(kind, smoothing, l1, l2, outlierExposure(file));
  }

  private static OutlierExposure outlierExposure(Section file) {
    Optional<Section> section = file.section("outlier-exposure");
    if (section.isEmpty()) {
      return OutlierExposure.NONE;
    }
    double part = section.get().number("part", Range.of(0, 1));
    double weight = section.get().number("weight", Range.of(0, 10));
    section.get().end();
    return new OutlierExposure(part, weight);
  }

  private Length length(Section file) {
    OptionalInt patience =
        file.section("early-stopping")
            .map(
                section -> {
                  int epochs = section.whole("patience", 1, MOST_EPOCHS);
                  section.end();
                  return OptionalInt.of(epochs);
                })
            .orElse(OptionalInt.empty());
    int epochs = file.whole("epochs", 1, MOST_EPOCHS);
    int batch = file.whole("batch", 1, LARGEST_BATCH);
    int mostSteps = Math.min(MOST_STEPS, Integer.MAX_VALUE / batch);
    return new Length(epochs, batch, file.wholeIfAny("steps", 1, mostSteps), patience);
  }
}
