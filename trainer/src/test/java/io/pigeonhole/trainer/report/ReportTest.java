package io.pigeonhole.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.image.Resize;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.SkippedImages;
import io.pigeonhole.trainer.data.SkippedImages.Skipped;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.network.SmallRecipes;
import io.pigeonhole.trainer.training.Epoch;
import io.pigeonhole.trainer.training.History;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final String HOSTILE = "<script>alert('\"&')</script>";

  private final Images images = new Named(ColouredShapes.images(60, 1));

  /** Images that come from files. */
  private record Named(Images images) implements Images {
    @Override
    public List<String> classes() {
      return images.classes();
    }

    @Override
    public int size() {
      return images.size();
    }

    @Override
    public int[] labels() {
      return images.labels();
    }

    @Override
    public void read(int image, byte[] target, int at) {
      images.read(image, target, at);
    }

    @Override
    public String name(int image) {
      return "cat/" + HOSTILE + image + ".jpg";
    }
  }

  /** Random answers of which about half are right. */
  private Measured measured(long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[images.count()][images.classes().size()];
    for (int i = 0; i < rows.length; i++) {
      int given = random.nextBoolean() ? images.labels()[i] : random.nextInt(rows[i].length);
      float confidence = 0.3f + 0.69f * random.nextFloat();
      for (int label = 0; label < rows[i].length; label++) {
        rows[i][label] = label == given ? confidence : (1 - confidence) / (rows[i].length - 1);
      }
    }
    float[] novelties = new float[rows.length];
    for (int i = 0; i < novelties.length; i++) {
      novelties[i] = random.nextFloat();
    }
    return new Measured(images, rows, novelties);
  }

  private String html() {
    return html(new Calibration(1.5, 0.8, 0.95, 0.25));
  }

  private String html(Calibration calibration) {
    Measured test = measured(1);
    Manifest manifest =
        new Manifest(
            "shapes",
            ModelVersion.of(Instant.EPOCH, "a".repeat(64)),
            Instant.EPOCH,
            List.of(new ModelFile(Manifest.SAVED_MODEL, 1, "a".repeat(64))),
            images.classes(),
            Input.uint8("images", 32, 32, 3, Resize.CROP),
            new Output(
                "probabilities",
                calibration.novelty().isPresent() ? Optional.of("novelty") : Optional.empty()),
            calibration,
            Evaluation.of(test.probabilities(), images.labels(), images.classes(), 1.5)
                .with(new Metrics.OutlierMetrics(60, 0.925, 0.4, 0.25)),
            List.of(),
            new Training("mine", HOSTILE, "b".repeat(64), 60, 1, 2, 65, "a machine", "2.18"));
    List<Epoch> epochs =
        List.of(
            new Epoch(1, 2.1, 0.3, 1.9, 0.35, 1, 30),
            new Epoch(2, 1.2, 0.6, Double.NaN, Double.NaN, 1, 65));
    SkippedImages skipped =
        new SkippedImages(
            7, List.of(new Skipped("cat/" + HOSTILE + ".jpg", "corrupt")), Optional.empty());
    return new Report(
            manifest,
            SmallRecipes.muon(2),
            "# " + HOSTILE,
            new History(10, 65, epochs, 0, 0),
            measured(2),
            test,
            calibration.novelty().isPresent() ? Optional.of(measured(3)) : Optional.empty(),
            skipped)
        .html();
  }

  @Test
  void showsHowNovelImagesAre() {
    assertThat(html(new Calibration(1.5, 0.5, 0.95, 0.25, OptionalDouble.of(0.9))))
        .contains(
            "Share of the images by novelty",
            "Above a novelty of 90.0%, an image is unknown",
            "Of 60 images of none of the classes, 40.0% pass as known, and 25.0% get a label",
            "AUROC 0.925",
            "the most convincing first")
        .doesNotContain(HOSTILE);
    assertThat(html()).doesNotContain("novelty", "most convincing");
  }

  @Test
  void showsWhatThereIsToKnow() {
    assertThat(html())
        .contains(
            "Loss by epoch",
            "Accuracy by epoch",
            "Learning rate by epoch",
            "Share of right labels by confidence",
            "without temperature",
            "class=\"hit\"",
            "data:image/png;base64,",
            "<small>cat/&lt;script&gt;",
            "Files that could not be used: 7",
            "1m5s");
  }

  @Test
  void saysThatNoThresholdIsSureEnough() {
    assertThat(html()).contains("for 95.0% right", "of them right");
    assertThat(html(new Calibration(1.5, 1, 0.95, 0)))
        .contains("none", "too few images to be sure of 95.0% right: about")
        .doesNotContain("Above it", "of them right");
  }

  @Test
  void showsTheLowestPrecisionByCoverage() {
    double lowest =
        Stream.of(measured(1), measured(2))
            .flatMap(each -> each.precisionByCoverage().stream())
            .mapToDouble(Series.Point::y)
            .min()
            .orElseThrow();
    Matcher chart =
        Pattern.compile("by share of images.*?text-anchor='end'>(\\d+)%", Pattern.DOTALL)
            .matcher(html());
    assertThat(chart.find()).isTrue();
    double first = Double.parseDouble(chart.group(1)) / 100;
    assertThat(lowest).isBetween(first, first + 0.1);
  }

  @Test
  void needsNothingFromElsewhereAndRunsNothing() {
    assertThat(html())
        .doesNotContain("http:", "https:", "<script", "url(", "@import", "NaN")
        .contains("&lt;script&gt;");
  }

  @Test
  void listsThePairsWhereThereAreTooManyClassesForATable() {
    List<String> many = IntStream.range(0, 31).mapToObj(i -> "c" + i).toList();
    int[][] counts = new int[31][31];
    counts[3][4] = 2;
    counts[5][6] = 9;
    ConfusionTable table = new ConfusionTable(many, counts);
    assertThat(table.rows()).isEmpty();
    assertThat(table.pairs())
        .containsExactly(
            new ConfusionTable.Pair("c5", "c6", 9), new ConfusionTable.Pair("c3", "c4", 2));
  }

  @Test
  void putsRoundNumbersOnAnAxis() {
    assertThat(Axis.upTo("loss", 2.31).ticks()).containsExactly(0.0, 0.5, 1.0, 1.5, 2.0);
    assertThat(Axis.upTo("rate", 0.0).ticks()).hasSize(6);
    assertThat(Axis.shares("x").ticks().stream().map(Axis.shares("x")::label))
        .containsExactly("0%", "20%", "40%", "60%", "80%", "100%");
    assertThat(Axis.upTo("loss", 1).label(0.25)).isEqualTo("0.25");
  }
}
