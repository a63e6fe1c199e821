package io.pigeonhole.trainer.report;

import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.report.Series.Point;
import io.pigeonhole.trainer.training.Epoch;
import io.pigeonhole.trainer.training.History;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How a run went, epoch by epoch.
 *
 * @param recipe of the run
 * @param history of the run
 */
record Curves(Recipe recipe, History history) {

  private static final int RATES = 200;

  LineChart loss() {
    List<Series> series =
        List.of(series(training(), Epoch::loss), series("held out", Epoch::heldOutLoss));
    double greatest =
        series.stream()
            .flatMap(each -> each.points().stream())
            .mapToDouble(Point::y)
            .filter(Double::isFinite)
            .max()
            .orElse(1);
    return new LineChart("Loss by epoch", epochs(), Axis.upTo("loss", greatest), series, false);
  }

  LineChart accuracy() {
    List<Series> series =
        List.of(series(training(), Epoch::accuracy), series("held out", Epoch::heldOutAccuracy));
    return new LineChart("Accuracy by epoch", epochs(), Axis.shares("accuracy"), series, false);
  }

  /** The rate as the schedule had it, with what the run had seen at each time. */
  LineChart rate() {
    List<Double> losses = history.heldOutLosses();
    double peak = recipe.optimiser().learningRate();
    int done = losses.size();
    List<Point> points =
        IntStream.rangeClosed(0, RATES)
            .mapToObj(i -> (double) i / RATES * done)
            .map(
                epoch ->
                    new Point(
                        epoch,
                        peak
                            * recipe
                                .schedule()
                                .factor(
                                    epoch / recipe.epochs(),
                                    losses.subList(0, (int) Math.min(done, Math.floor(epoch))))))
            .toList();
    double greatest = points.stream().mapToDouble(Point::y).max().orElse(1);
    return new LineChart(
        "Learning rate by epoch",
        epochs(),
        Axis.upTo("learning rate", greatest),
        List.of(new Series("learning rate", points)),
        false);
  }

  /** Mixed images are harder than those held out. */
  private String training() {
    return recipe.augmentation().mixes() ? "mixed" : "training";
  }

  private Axis epochs() {
    return new Axis("epoch", 0, Math.max(1, history.epochs().size()), false);
  }

  private Series series(String name, ToDoubleFunction<Epoch> value) {
    Stream<Point> points =
        history.epochs().stream()
            .map(epoch -> new Point(epoch.number(), value.applyAsDouble(epoch)));
    return new Series(name, points.toList());
  }
}
