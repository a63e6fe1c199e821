package io.pigeonhole.label;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.config.Outputs;
import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.label.Interleavings.Found;
import io.pigeonhole.label.Interleavings.Program;
import io.pigeonhole.label.Interleavings.Thing;
import io.pigeonhole.metrics.Stopwatch;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.model.ReviewReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The newest wins, in every order of requests: the code itself, from the event to the index, with
 * an S3 in the place of S3, and a table in the place of the network. At the end, whatever happened,
 * result, tags and index are those of the newest content.
 */
class InterleavingsTest {
  private static final String IMAGE = "images/a.jpg";

  private static final String KEY = "a.jpg";
  private static final String RESULT = "results/labels/a.jpg.json";
  private static final Result.ModelId MODEL = new Result.ModelId("animals", "first");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-15T09:30:00Z"), ZoneOffset.UTC);

  /** What the network says of contents; the others are no images. */
  private static final Map<String, Classification> NETWORK =
      Map.of(
          "cat.jpg", says("cat", Optional.empty()),
          "dog.jpg", says("dog", Optional.of(ReviewReason.UNSURE)),
          "sofa.jpg", says("dog", Optional.of(ReviewReason.UNKNOWN)));

  private static Classification says(String label, Optional<ReviewReason> reason) {
    return new Classification(List.of(new Prediction(label, 0.75f)), reason, Optional.empty());
  }

  @Test
  void overwrittenWhileAProcessDies() {
    assertRight(uploads("cat.jpg", "dog.jpg"), 1, event("0A", 1), event("0B", 2));
  }

  @Test
  void overwrittenByAnUnknownImageAndBackAgain() {
    assertRight(uploads("cat.jpg", "sofa.jpg", "cat.jpg"), 0, event("0A", 1), event("0C", 3));
  }

  @Test
  void deletedAndUploadedAgain() {
    List<Optional<String>> uploads =
        List.of(Optional.of("cat.jpg"), Optional.empty(), Optional.of("dog.jpg"));
    assertRight(uploads, 1, event("0A", 1), event("0C", 3));
  }

  @Test
  void overwrittenByWhatIsNoImage() {
    assertRight(uploads("cat.jpg", "text"), 1, event("0A", 1), event("0B", 2));
  }

  @Test
  @Tag("faults")
  void overwrittenWhileABackfillComesBy() {
    assertRight(uploads("cat.jpg", "dog.jpg"), 1, event("0B", 2), event("", 1));
  }

  @Test
  void anEventTwiceWhileAProcessDies() {
    Act twice = event("0A", 1);
    assertRight(uploads("cat.jpg"), 1, twice, twice);
  }

  @Test
  @Tag("faults")
  void anEventTwiceWhileAPersonCorrects() {
    Act twice = event("0A", 1);
    assertRight(uploads("cat.jpg"), 0, twice, twice, correction("bird"));
  }

  @Test
  void correctedWhileItIsLabeledAndAProcessDies() {
    assertRight(uploads("cat.jpg"), 1, event("0A", 1), correction("bird"));
  }

  @Test
  void whoNeverLooksAgainLeavesWhatWasReplaced() {
    HeadStart endless =
        new HeadStart(Duration.ofDays(1), HeadStart.STANDARD.others(), HeadStart.Time.SYSTEM);
    Found found =
        explore(endless, uploads("cat.jpg", "dog.jpg"), 0, event("0A", 1), event("0B", 2));
    assertThat(found.wrong()).as("with %d states", found.states()).isPresent();
  }

  @Test
  void whoReplacesAYoungResultAtOnceIsOvertaken() {
    HeadStart none =
        new HeadStart(HeadStart.STANDARD.first(), Duration.ZERO, HeadStart.Time.SYSTEM);
    Found found = explore(none, uploads("cat.jpg", "dog.jpg"), 0, event("0A", 1), event("0B", 2));
    assertThat(found.wrong()).as("with %d states", found.states()).isPresent();
  }

  /** Something that a process does, once so many uploads were. */
  private record Act(String name, int from, Code code) {}

  private interface Code {
    void run(S3Client s3, HeadStart headStart) throws Exception;
  }

  private static Act event(String sequencer, int from) {
    ImageEvent event = new ImageEvent("images", KEY, sequencer);
    return new Act(
        "event " + sequencer,
        from,
        (s3, headStart) -> label(event, s3, new Filing(s3, "results", Outputs.ALL, headStart)));
  }

  /** As {@link Labeling} does it, with a table in the place of the network. */
  static void label(ImageEvent event, S3Client s3, Filing filing) throws InterruptedException {
    Preparation preparation =
        new Preparation(
            filing, new Download(s3, 1000), new BytesInFlight(1000), new Stopwatch(), CLOCK);
    List<Classification> rows = new ArrayList<>();
    Prepared prepared = preparation.prepare(event, MODEL, image -> add(image, rows));
    if (prepared instanceof Prepared.Ready ready) {
      Result result =
          new Result.Labeled(
              ready.object(), rows.get(ready.row()), MODEL, CLOCK.instant(), List.of());
      filing.file(result, ready.seen(), MODEL);
    } else if (prepared instanceof Prepared.Answered answered) {
      filing.file(answered.result(), answered.seen(), MODEL);
    } else if (prepared instanceof Prepared.Filed filed) {
      filing.follow(filed.inForce());
    }
  }

  private static int add(byte[] image, List<Classification> rows) throws UndecodableImageException {
    Classification classification = NETWORK.get(new String(image, UTF_8));
    if (classification == null) {
      throw new UndecodableImageException(ImageError.NOT_AN_IMAGE, "no image");
    }
    rows.add(classification);
    return rows.size() - 1;
  }

  private static Act correction(String label) {
    return new Act(
        "correction",
        1,
        (s3, headStart) ->
            new Corrections(new Filing(s3, "results", Outputs.ALL, headStart), CLOCK)
                .correct(KEY, Optional.of(label), Optional.empty()));
  }

  private static List<Optional<String>> uploads(String... contents) {
    return List.of(contents).stream().map(Optional::of).toList();
  }

  private static void assertRight(List<Optional<String>> uploads, int deaths, Act... acts) {
    Found found = explore(HeadStart.STANDARD, uploads, deaths, acts);
    assertThat(found.wrong()).as("after %d states", found.states()).isEmpty();
    assertThat(found.ends()).as("ends of %d states", found.states()).isPositive();
  }

  private static Found explore(
      HeadStart headStart, List<Optional<String>> uploads, int deaths, Act... acts) {
    Map<Act, Program> programs = new HashMap<>();
    for (Act act : acts) {
      programs.put(
          act,
          new Program(
              act.name(),
              act.from(),
              s3 -> run(act, s3, new HeadStart(headStart.first(), headStart.others(), s3))));
    }
    List<Program> all = List.of(acts).stream().map(programs::get).toList();
    String newest = uploads.get(uploads.size() - 1).orElse("");
    return new Interleavings(IMAGE, uploads, all, deaths).explore(bucket -> wrong(bucket, newest));
  }

  private static void run(Act act, S3Client s3, HeadStart headStart) {
    try {
      act.code().run(s3, headStart);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Compares the result with the newest content, and tags and index with the result. */
  private static Optional<String> wrong(Map<String, Thing> bucket, String newest) {
    Optional<Result> result =
        Optional.ofNullable(bucket.get(RESULT))
            .flatMap(thing -> ResultJson.read(thing.content().getBytes(UTF_8)));
    if (result.isEmpty() || !result.get().object().etag().equals(newest)) {
      return Optional.of("the result is %s, the content %s".formatted(result, newest));
    }
    List<String> index =
        bucket.keySet().stream()
            .filter(path -> !path.equals(IMAGE) && !path.equals(RESULT))
            .sorted()
            .toList();
    String tags = bucket.get(IMAGE).tags();
    List<String> expectedIndex = new ArrayList<>();
    String expectedTags = "";
    if (result.get() instanceof Result.Labeled labeled) {
      boolean corrected = labeled.correction().isPresent();
      Classification said = NETWORK.get(newest);
      String label = corrected ? "bird" : said.predictions().get(0).label();
      boolean unknown = !corrected && said.reason().equals(Optional.of(ReviewReason.UNKNOWN));
      if (!unknown) {
        expectedIndex.add("results/by-label/" + label + "/" + KEY);
      }
      if (corrected) {
        expectedIndex.add("results/corrected/" + KEY);
      } else if (said.reason().isPresent()) {
        expectedIndex.add("results/for-review/" + KEY);
      }
      expectedTags =
          unknown
              ? "model=animals/first\nreview=unknown\n"
              : "confidence=%s\nlabel=%s\nmodel=animals/first\n"
                  .formatted(corrected ? "1.00" : "0.75", label);
    }
    return index.equals(new TreeSet<>(expectedIndex).stream().collect(Collectors.toList()))
            && tags.equals(expectedTags)
        ? Optional.empty()
        : Optional.of(
            "the index is %s, the tags are %s, the result %s".formatted(index, tags, result));
  }
}
