package io.pigeonhole.label;

import com.amazonaws.services.lambda.runtime.Context;
import io.pigeonhole.config.Settings;
import io.pigeonhole.metrics.InvocationMetrics;
import io.pigeonhole.model.ReviewReason;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Labels images that lie in a bucket, of which no event tells. They get what an upload gets; where
 * a result of an event comes into force meanwhile, about other content, it stays.
 */
@Singleton
public final class StoredImages {
  private final Labeling labeling;
  private final LabelReport report;
  private final String resultsBucket;
  private final Optional<ResultLines> lines;

  StoredImages(Labeling labeling, InvocationMetrics metrics, S3Client s3, Settings settings) {
    this.labeling = labeling;
    this.report = new LabelReport(metrics);
    this.resultsBucket = settings.resultsBucket();
    this.lines =
        settings.outputs().lines()
            ? Optional.of(new ResultLines(s3, resultsBucket))
            : Optional.empty();
  }

  /** An object of a bucket. */
  public record Image(String bucket, String key) {}

  /** What became of an image. */
  public sealed interface Answer {
    /**
     * It has a label, or a suggestion that waits for review.
     *
     * @param label empty if a person says that it shows none of what there are labels for
     */
    record Labeled(Optional<String> label, double confidence, Optional<ReviewReason> reason)
        implements Answer {}

    /**
     * It has none, and its result says why; another try will not give it one.
     *
     * @param code as in its result
     */
    record Unlabeled(String code, String message) implements Answer {}

    /** It is no image: an empty object whose key ends in a slash, of which there is no result. */
    record FolderMarker() implements Answer {}

    /** It is not labeled, and has no result that says so. */
    record Refused(String reason) implements Answer {}

    /** Another try may help. */
    record Failed(String reason) implements Answer {}
  }

  /**
   * Labels images, as many as there is time for.
   *
   * @param name of the lines that have their results, where those are written
   * @return an answer for each
   */
  public Map<Image, Answer> label(Collection<Image> images, String name, Context context) {
    Map<Image, ImageEvent> events = new HashMap<>();
    Map<Image, Answer> answers = new HashMap<>();
    for (Image image : images) {
      if (image.bucket().equals(resultsBucket)) {
        answers.put(image, new Answer.Refused("what is in this bucket is a result"));
      } else {
        events.put(image, new ImageEvent(image.bucket(), image.key(), ""));
      }
    }
    Map<ImageEvent, Outcome> outcomes = labeling.label(events.values(), Deadline.of(context));
    try {
      write(outcomes.values(), name);
    } catch (SdkException e) {
      Outcome failed = new Outcome.Failed("its line was not written: " + e.getMessage());
      outcomes.replaceAll((event, outcome) -> outcome instanceof Outcome.Done ? failed : outcome);
    }
    report.write(outcomes.values(), context.getAwsRequestId());
    events.forEach((image, event) -> answers.put(image, answer(outcomes.get(event))));
    return answers;
  }

  private void write(Collection<Outcome> outcomes, String name) {
    List<Result> results =
        outcomes.stream()
            .filter(Outcome.Done.class::isInstance)
            .map(outcome -> ((Outcome.Done) outcome).result())
            .toList();
    lines.ifPresent(to -> to.write(results, name));
  }

  private static Answer answer(Outcome outcome) {
    if (outcome instanceof Outcome.Done done) {
      return done.result() instanceof Result.Labeled labeled
          ? new Answer.Labeled(labeled.label(), labeled.confidence(), labeled.reason())
          : unlabeled((Result.Unlabeled) done.result());
    }
    if (outcome instanceof Outcome.FolderMarker) {
      return new Answer.FolderMarker();
    }
    return new Answer.Failed(((Outcome.Failed) outcome).reason());
  }

  private static Answer unlabeled(Result.Unlabeled unlabeled) {
    return new Answer.Unlabeled(unlabeled.code(), unlabeled.message());
  }
}
