package io.pigeonhole.trainer.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.Metrics.ClassMetrics;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.data.SkippedImages;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.evaluation.Threshold;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.History;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How a training went, as one HTML page that needs nothing else: no script, no font, no picture
 * from elsewhere.
 *
 * @param manifest of the version
 * @param recipe of the run
 * @param recipeText as its file has it
 * @param history of the run
 * @param heldOut images that temperature and threshold were chosen by
 * @param test images that nothing was chosen by
 * @param outliers images of none of the classes, if there are some to measure with
 * @param skipped files that could not be used
 */
public record Report(
    Manifest manifest,
    Recipe recipe,
    String recipeText,
    History history,
    Measured heldOut,
    Measured test,
    Optional<Measured> outliers,
    SkippedImages skipped) {

  /** Bars of a histogram. */
  private static final int BINS = 20;

  /** Where the axis of shares may begin at most. */
  private static final double MOST_CUT_OFF = 0.9;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final Template PAGE =
      Mustache.compiler().emptyStringIsFalse(true).compile(resource("report.html"));

  private static String resource(String name) {
    try (InputStream in = Report.class.getResourceAsStream("/report/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A name and a value. */
  private record Fact(String name, String value, String meaning) {}

  /** A chart and what is said below it. */
  private record Figure(String caption, String svg) {}

  /** A line of the table of classes. */
  private record ClassRow(String name, String precision, String recall, String f1, String samples) {
    static ClassRow of(String name, ClassMetrics each) {
      return new ClassRow(
          name,
          percent(each.precision()),
          percent(each.recall()),
          percent(each.f1()),
          "%,d".formatted(each.samples()));
    }
  }

  /** The page. */
  public String html() {
    int[] labels = test.images().labels();
    List<String> classes = manifest.classes();
    ConfusionTable confusion =
        new ConfusionTable(
            classes, Evaluation.confusion(test.probabilities(), labels, classes.size()));
    Curves curves = new Curves(recipe, history);
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("name", manifest.name());
    page.put("version", manifest.version().value());
    page.put("time", TIME.format(manifest.createdAt()));
    page.put("style", resource("report.css"));
    page.put("headline", headline());
    page.put("training", training());
    page.put(
        "curves",
        Stream.of(curves.loss(), curves.accuracy(), curves.rate())
            .map(chart -> new Figure(chart.y().name(), chart.svg()))
            .toList());
    page.put("reliability", test.reliability(manifest.calibration().temperature()).svg());
    page.put("coverage", coverage().svg());
    page.put("classes", classes);
    page.put("rows", confusion.rows());
    page.put("pairs", confusion.pairs());
    page.put("perClass", perClass());
    page.put("mistakes", test.worstMistakes());
    page.put("novelty", novelty());
    page.put("convincing", convincing());
    page.put("recipe", recipeText);
    page.put("skipped", skipped.first());
    page.put("skippedCount", "%,d".formatted(skipped.count()));
    return PAGE.execute(page);
  }

  /** The picture of how novel images are; none if the model does not say. */
  private List<Figure> novelty() {
    if (manifest.calibration().novelty().isEmpty()) {
      return List.of();
    }
    List<Series> series = new ArrayList<>();
    series.add(new Series("test", test.noveltyHistogram(BINS)));
    outliers.ifPresent(each -> series.add(new Series("outliers", each.noveltyHistogram(BINS))));
    double most =
        series.stream()
            .flatMap(each -> each.points().stream())
            .mapToDouble(Series.Point::y)
            .max()
            .orElse(1);
    LineChart chart =
        new LineChart(
            "Share of the images by novelty",
            Axis.shares("novelty"),
            new Axis("images", 0, Math.min(1, Math.ceil(10 * most) / 10), true),
            series,
            false);
    return List.of(new Figure(saidOfNovelty(), chart.svg()));
  }

  private String saidOfNovelty() {
    String known =
        "Above a novelty of %s, an image is unknown: %s of the test images are."
            .formatted(
                percent(manifest.calibration().novelty().orElseThrow()), percent(unknown(test)));
    return manifest
        .metrics()
        .outliers()
        .map(
            each ->
                known
                    + " Of %,d images of none of the classes, %s pass as known, and %s get a label; AUROC %.3f."
                        .formatted(
                            each.samples(),
                            percent(each.passing()),
                            percent(each.labeled()),
                            each.auroc()))
        .orElse(known);
  }

  private double unknown(Measured measured) {
    double level = manifest.calibration().novelty().orElseThrow();
    return measured.answers().stream()
        .mapToDouble(each -> each.novelty().orElse(0f) > level ? 1 : 0)
        .average()
        .orElse(0);
  }

  private List<Measured.Mistake> convincing() {
    return outliers
        .map(each -> each.mostConvincing(manifest.classes(), manifest.calibration()))
        .orElse(List.of());
  }

  private List<ClassRow> perClass() {
    return manifest.metrics().perClass().entrySet().stream()
        .map(each -> ClassRow.of(each.getKey(), each.getValue()))
        .toList();
  }

  private LineChart coverage() {
    List<Series> series =
        List.of(
            new Series("test", test.precisionByCoverage()),
            new Series("held out", heldOut.precisionByCoverage()));
    double lowest =
        series.stream()
            .flatMap(each -> each.points().stream())
            .mapToDouble(Series.Point::y)
            .min()
            .orElse(0);
    return new LineChart(
        "Share of right labels by share of images, surest first",
        Axis.shares("share of the images, surest first"),
        new Axis("right", Math.min(MOST_CUT_OFF, Math.floor(10 * lowest) / 10), 1, true),
        series,
        false);
  }

  private List<Fact> headline() {
    Metrics metrics = manifest.metrics();
    String before =
        metrics.uncalibratedError().isEmpty()
            ? ""
            : "without temperature %.4f".formatted(metrics.uncalibratedError().getAsDouble());
    List<Fact> quality =
        List.of(
            new Fact("Accuracy", percent(metrics.accuracy()), "of the test images"),
            new Fact("F1, macro", percent(metrics.macro().f1()), "every class counts the same"),
            new Fact("Loss", "%.4f".formatted(metrics.loss()), "cross-entropy in nats"),
            new Fact(
                "Calibration error", "%.4f".formatted(metrics.expectedCalibrationError()), before));
    return Stream.concat(quality.stream(), threshold().stream()).toList();
  }

  private List<Fact> threshold() {
    Calibration calibration = manifest.calibration();
    String wanted = percent(calibration.targetPrecision());
    if (!calibration.hasThreshold()) {
      return List.of(new Fact("Threshold", "none", missing(wanted)));
    }
    double coverage = test.coverage(calibration);
    String right =
        coverage == 0 ? "" : ", %s of them right".formatted(percent(test.precision(calibration)));
    return List.of(
        new Fact(
            "Threshold",
            "%.3f".formatted(calibration.threshold()),
            "for %s right, on held-out images".formatted(wanted)),
        new Fact("Above it", percent(coverage), "of the test images" + right));
  }

  /** Why every label is for review, and what would change that. */
  private String missing(String wanted) {
    OptionalLong more =
        Threshold.missing(
            heldOut.ofKnown(manifest.calibration().novelty().orElse(1)),
            heldOut.images().labels(),
            manifest.calibration().targetPrecision());
    return more.isEmpty()
        ? "not even the surest labels are right in %s".formatted(wanted)
        : "too few images to be sure of %s right: about %,d more would do"
            .formatted(wanted, more.getAsLong());
  }

  private List<Fact> training() {
    Training training = manifest.training();
    Duration time = Duration.ofSeconds(Math.round(training.seconds()));
    return List.of(
        new Fact("Recipe", training.recipe(), ""),
        new Fact("Images", training.dataset(), training.datasetSha256()),
        new Fact("Trained on", "%,d".formatted(training.samples()), "images"),
        new Fact("Held out", "%,d".formatted(heldOut.images().count()), "to choose by"),
        new Fact("Tested with", "%,d".formatted(test.images().count()), "images"),
        new Fact(
            "Epochs", Integer.toString(training.epochs()), "%,d steps".formatted(history.steps())),
        new Fact("Time", time.toString().substring(2).toLowerCase(Locale.ROOT), ""),
        new Fact("Seed", Long.toString(training.seed()), ""),
        new Fact("Machine", training.device(), ""),
        new Fact("TensorFlow", training.tensorflow(), ""),
        new Fact("Temperature", "%.3f".formatted(manifest.calibration().temperature()), ""));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }
}
