package io.pigeonhole.trainer.report;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.evaluation.Reliability;
import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.report.Series.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Images and what the exported model says of them.
 *
 * @param images that were not trained on
 * @param probabilities {@code [images][classes]}
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record Measured(Images images, float[][] probabilities) {

  private static final int MISTAKES = 24;
  private static final int POINTS = 120;

  /** A wrong label of which the model was sure. */
  record Mistake(String picture, String given, String right, String confidence, String file) {}

  /** Those that the model was surest of. */
  List<Mistake> worstMistakes() {
    List<String> classes = images.classes();
    return IntStream.range(0, images.count())
        .filter(i -> Evaluation.best(probabilities[i]) != images.labels()[i])
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> confidence(i)).reversed())
        .limit(MISTAKES)
        .map(
            i ->
                new Mistake(
                    Picture.address(images, i),
                    classes.get(Evaluation.best(probabilities[i])),
                    classes.get(images.labels()[i]),
                    String.format(Locale.ROOT, "%.0f%%", 100 * confidence(i)),
                    images.name(i)))
        .toList();
  }

  private float confidence(int image) {
    return probabilities[image][Evaluation.best(probabilities[image])];
  }

  LineChart reliability(double temperature) {
    float[][] before = TemperatureScaling.without(probabilities, temperature);
    return new LineChart(
        "Share of right labels by confidence",
        Axis.shares("confidence"),
        Axis.shares("right"),
        List.of(new Series("calibrated", bins(probabilities)), new Series("before", bins(before))),
        true);
  }

  private List<Point> bins(float[][] given) {
    return Reliability.of(given, images.labels()).stream()
        .map(bin -> new Point(bin.confidence(), bin.accuracy()))
        .toList();
  }

  /** Share of right labels over the share of images, from the surest on. */
  List<Point> precisionByCoverage() {
    List<Integer> surestFirst =
        IntStream.range(0, images.count())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> confidence(i)).reversed())
            .toList();
    List<Point> points = new ArrayList<>();
    int right = 0;
    int next = 1;
    for (int i = 0; i < surestFirst.size(); i++) {
      int image = surestFirst.get(i);
      right += Evaluation.best(probabilities[image]) == images.labels()[image] ? 1 : 0;
      if ((i + 1L) * POINTS >= (long) next * surestFirst.size()) {
        points.add(new Point((i + 1.0) / surestFirst.size(), right / (i + 1.0)));
        next++;
      }
    }
    return points;
  }

  /** Share of the images whose confidence reaches a threshold. */
  double coverage(double threshold) {
    return (double) sure(threshold).count() / Math.max(1, images.count());
  }

  /** Share of those that are labeled rightly; 1 if there are none. */
  double precision(double threshold) {
    return sure(threshold)
        .mapToDouble(i -> Evaluation.best(probabilities[i]) == images.labels()[i] ? 1 : 0)
        .average()
        .orElse(1);
  }

  private IntStream sure(double threshold) {
    return IntStream.range(0, images.count()).filter(i -> confidence(i) >= (float) threshold);
  }
}
