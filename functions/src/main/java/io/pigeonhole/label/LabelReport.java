package io.pigeonhole.label;

import io.pigeonhole.metrics.InvocationMetrics;
import io.pigeonhole.model.ReviewReason;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** What the log and CloudWatch are told of an invocation of label, and CloudWatch of backfill. */
final class LabelReport {
  private static final Logger LOG = Logger.getLogger(LabelReport.class);

  /** Of a message that cannot be read: more than the longest event of S3 has, in SNS's quotes. */
  private static final int MAX_BODY = 16_384;

  private final InvocationMetrics metrics;

  LabelReport(InvocationMetrics metrics) {
    this.metrics = metrics;
  }

  /** Logs what cannot be read of a message; it is not delivered again, so the log has all of it. */
  static void logProblems(LabelEvent.Message message, String request) {
    List<String> problems = message.contents().problems();
    if (!problems.isEmpty()) {
      LOG.errorf(
          "message %s is unreadable: %s; it is %s (request %s)",
          message.id(), String.join("; ", problems), Quoted.of(message.body(), MAX_BODY), request);
    }
  }

  /** Writes what became of all that an invocation was told of. */
  void write(List<LabelEvent.Contents> told, Map<ImageEvent, Outcome> outcomes, String request) {
    outcomes.forEach((image, outcome) -> log(image, outcome, request));
    Map<String, Integer> counts = counts(outcomes.values());
    List<String> others = told.stream().flatMap(contents -> contents.others().stream()).toList();
    if (!others.isEmpty()) {
      LOG.infof("%s: no uploads (request %s)", Set.copyOf(others), request);
      counts.put("NotUploads", others.size());
    }
    int unreadable = told.stream().mapToInt(contents -> contents.problems().size()).sum();
    if (unreadable > 0) {
      counts.put("Unreadable", unreadable);
    }
    if (counts.size() > 1 || !outcomes.isEmpty()) {
      metrics.write(counts, request);
    }
  }

  /** Writes what became of images that no event told of. */
  void write(Collection<Outcome> outcomes, String request) {
    if (!outcomes.isEmpty()) {
      metrics.write(counts(outcomes), request);
    }
  }

  private static Map<String, Integer> counts(Collection<Outcome> outcomes) {
    Map<String, Integer> counts = new TreeMap<>();
    counts.put("BatchSize", outcomes.size());
    outcomes.stream()
        .flatMap(outcome -> names(outcome).stream())
        .forEach(name -> counts.merge(name, 1, Integer::sum));
    return counts;
  }

  private static List<String> names(Outcome outcome) {
    if (outcome instanceof Outcome.FolderMarker) {
      return List.of("FolderMarkers");
    }
    if (!(outcome instanceof Outcome.Done done)) {
      return List.of("TriedAgain");
    }
    if (done.result() instanceof Result.Unlabeled unlabeled) {
      return List.of("Errors", "Error-" + unlabeled.code());
    }
    return ((Result.Labeled) done.result())
        .reason()
        .map(
            reason ->
                reason == ReviewReason.UNKNOWN
                    ? List.of("Labeled", "Review", "Unknown")
                    : List.of("Labeled", "Review"))
        .orElse(List.of("Labeled"));
  }

  private static void log(ImageEvent image, Outcome outcome, String request) {
    String key = Quoted.of(image.key());
    MDC.put("key", image.key());
    if (outcome instanceof Outcome.Failed failed) {
      LOG.warnf("%s is to be tried again: %s (request %s)", key, failed.reason(), request);
    } else if (outcome instanceof Outcome.Done done) {
      LOG.infof("%s is %s (request %s)", key, said(done.result()), request);
    } else {
      LOG.infof("%s is a folder marker (request %s)", key, request);
    }
    MDC.remove("key");
  }

  private static String said(Result result) {
    if (result instanceof Result.Labeled labeled) {
      return "%s %.2f%s by %s"
          .formatted(
              labeled.label().orElse("none of the labels"),
              labeled.confidence(),
              labeled.reason().map(reason -> ", " + reason.code() + ", to be reviewed,").orElse(""),
              labeled.model());
    }
    return "without a label: " + ((Result.Unlabeled) result).code();
  }
}
