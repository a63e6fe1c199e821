package io.pigeonhole.trainer.report;

import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.evaluation.Reliability;
import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.report.Series.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Images and what the exported model says of them.
 *
 * @param images that were not trained on
 * @param probabilities {@code [images][classes]}
 * @param novelties one an image, or none if the model does not say
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record Measured(Images images, float[][] probabilities, float[] novelties) {

  private static final int MISTAKES = 24;
  private static final int POINTS = 120;

  /** Images and a model's answers. */
  public static Measured of(Images images, List<Answer> answers) {
    float[] novelties = new float[answers.size()];
    int said = 0;
    for (Answer answer : answers) {
      if (answer.novelty().isPresent()) {
        novelties[said++] = answer.novelty().get();
      }
    }
    return new Measured(
        images,
        answers.stream().map(Answer::probabilities).toArray(float[][]::new),
        said == answers.size() ? novelties : new float[0]);
  }

  /** The answers, one an image. */
  public List<Answer> answers() {
    return IntStream.range(0, images.count())
        .mapToObj(i -> new Answer(probabilities[i], novelty(i)))
        .toList();
  }

  private Optional<Float> novelty(int image) {
    return novelties.length == 0 ? Optional.empty() : Optional.of(novelties[image]);
  }

  /**
   * The probabilities by which a threshold is chosen: 0 for images that are unknown whatever it is.
   *
   * @param level above which images are unknown
   */
  public float[][] ofKnown(double level) {
    return IntStream.range(0, images.count())
        .mapToObj(
            i ->
                novelty(i).filter(found -> found > level).isPresent()
                    ? new float[probabilities[i].length]
                    : probabilities[i])
        .toArray(float[][]::new);
  }

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
        .map(i -> mistake(i, classes, classes.get(images.labels()[i])))
        .toList();
  }

  private Mistake mistake(int image, List<String> classes, String right) {
    return new Mistake(
        Picture.address(images, image),
        classes.get(Evaluation.best(probabilities[image])),
        right,
        String.format(Locale.ROOT, "%.0f%%", 100 * confidence(image)),
        images.name(image));
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

  /** Share of the images that nobody needs to look at. */
  double coverage(Calibration calibration) {
    return (double) sure(calibration).count() / Math.max(1, images.count());
  }

  /** Share of those that are labeled rightly; 1 if there are none. */
  double precision(Calibration calibration) {
    return sure(calibration)
        .mapToDouble(i -> Evaluation.best(probabilities[i]) == images.labels()[i] ? 1 : 0)
        .average()
        .orElse(1);
  }

  private IntStream sure(Calibration calibration) {
    return IntStream.range(0, images.count())
        .filter(i -> calibration.review(confidence(i), novelty(i)).isEmpty());
  }

  /** Share of the images by their novelty, {@code bins} of equal width. */
  List<Point> noveltyHistogram(int bins) {
    int[] counts = new int[bins];
    for (float novelty : novelties) {
      counts[Math.max(0, Math.min(bins - 1, (int) (novelty * bins)))]++;
    }
    return IntStream.range(0, bins)
        .mapToObj(
            bin ->
                new Point((bin + 0.5) / bins, (double) counts[bin] / Math.max(1, images.count())))
        .toList();
  }

  /** Images of none of the classes that get a label all the same, the surest first. */
  List<Mistake> mostConvincing(List<String> classes, Calibration calibration) {
    return sure(calibration)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> confidence(i)).reversed())
        .limit(MISTAKES)
        .map(i -> mistake(i, classes, "none of the classes"))
        .toList();
  }
}
