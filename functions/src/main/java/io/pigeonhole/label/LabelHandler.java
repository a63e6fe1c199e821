package io.pigeonhole.label;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pigeonhole.config.Settings;
import io.pigeonhole.inference.ModelUnavailableException;
import io.pigeonhole.metrics.InvocationMetrics;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * The function {@code label}: S3 notifications, direct or through SQS or EventBridge.
 *
 * <p>From a queue, it answers with the messages to be delivered again (<a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">partial batch
 * responses</a>); invoked directly, it fails after all else is done, so that Lambda tries again. An
 * invocation without images loads the model.
 */
@Singleton
@Named("label")
public final class LabelHandler implements RequestStreamHandler {
  private static final Logger LOG = Logger.getLogger(LabelHandler.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Labeling labeling;
  private final InvocationMetrics metrics;
  private final String resultsBucket;

  LabelHandler(Labeling labeling, InvocationMetrics metrics, Settings settings) {
    this.labeling = labeling;
    this.metrics = metrics;
    this.resultsBucket = settings.resultsBucket();
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    LabelEvent event = read(in);
    Deadline deadline = Deadline.of(context);
    if (event instanceof LabelEvent.Queued queued) {
      JSON.writeValue(out, label(queued, deadline, context.getAwsRequestId()));
    } else if (event instanceof LabelEvent.Direct direct) {
      label(direct, deadline, context.getAwsRequestId());
      JSON.writeValue(out, Map.of("images", direct.images().size()));
    }
  }

  private static LabelEvent read(InputStream in) throws IOException {
    try {
      return EventReader.read(in);
    } catch (UnreadableEventException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private SQSBatchResponse label(LabelEvent.Queued queued, Deadline deadline, String request) {
    List<ImageEvent> images =
        queued.messages().stream().flatMap(message -> message.images().stream()).toList();
    Map<ImageEvent, Outcome> outcomes = label(images, deadline, request);
    return new SQSBatchResponse(
        queued.messages().stream()
            .filter(message -> failed(message, outcomes, request))
            .map(message -> new SQSBatchResponse.BatchItemFailure(message.id()))
            .toList());
  }

  private static boolean failed(
      LabelEvent.Message message, Map<ImageEvent, Outcome> outcomes, String request) {
    if (!message.problem().isEmpty()) {
      LOG.warnf(
          "message %s cannot be read: %s (request %s)", message.id(), message.problem(), request);
      return true;
    }
    return message.images().stream().map(outcomes::get).anyMatch(Outcome.Failed.class::isInstance);
  }

  private void label(LabelEvent.Direct direct, Deadline deadline, String request) {
    Map<ImageEvent, Outcome> outcomes = label(direct.images(), deadline, request);
    List<String> failed =
        direct.images().stream()
            .filter(image -> outcomes.get(image) instanceof Outcome.Failed)
            .map(image -> Quoted.of(image.key()))
            .toList();
    if (!failed.isEmpty()) {
      throw new LabelingIncompleteException(
          failed.stream().limit(10).collect(Collectors.joining(", ", "to be tried again: ", "")));
    }
  }

  private Map<ImageEvent, Outcome> label(
      Collection<ImageEvent> images, Deadline deadline, String request) {
    if (images.isEmpty()) {
      warmUp(deadline);
      return Map.of();
    }
    // a notification that is set up on the wrong bucket would label its own results, for ever
    List<ImageEvent> theirs =
        images.stream().filter(image -> !image.bucket().equals(resultsBucket)).toList();
    if (theirs.size() < images.size()) {
      LOG.warnf("the results bucket %s notifies of its objects: not labeled", resultsBucket);
    }
    Map<ImageEvent, Outcome> outcomes = labeling.label(theirs, deadline);
    outcomes.forEach((image, outcome) -> log(image, outcome, request));
    metrics.write(counts(outcomes.values()), request);
    return outcomes;
  }

  private void warmUp(Deadline deadline) {
    try {
      labeling.warmUp(deadline);
    } catch (ModelUnavailableException e) {
      // nothing was asked for that needs it
      LOG.warn(e.getMessage());
    }
  }

  /** What became of the images, as CloudWatch counts it. */
  private static Map<String, Integer> counts(Collection<Outcome> outcomes) {
    Map<String, Integer> counts = new TreeMap<>();
    counts.put("BatchSize", outcomes.size());
    for (Outcome outcome : outcomes) {
      for (String name : names(outcome)) {
        counts.merge(name, 1, Integer::sum);
      }
    }
    return counts;
  }

  private static List<String> names(Outcome outcome) {
    if (!(outcome instanceof Outcome.Done done)) {
      return List.of("TriedAgain");
    }
    if (done.result() instanceof Result.Unlabeled unlabeled) {
      return List.of("Errors", "Error-" + unlabeled.code());
    }
    return ((Result.Labeled) done.result()).classification().review()
        ? List.of("Labeled", "Review")
        : List.of("Labeled");
  }

  private static void log(ImageEvent image, Outcome outcome, String request) {
    String key = Quoted.of(image.key());
    MDC.put("key", image.key());
    if (outcome instanceof Outcome.Failed failed) {
      LOG.warnf("%s is to be tried again: %s (request %s)", key, failed.reason(), request);
    } else if (outcome instanceof Outcome.Done done) {
      LOG.infof("%s is %s (request %s)", key, said(done.result()), request);
    }
    MDC.remove("key");
  }

  private static String said(Result result) {
    if (result instanceof Result.Labeled labeled) {
      return "%s %.2f%s by %s"
          .formatted(
              labeled.label(),
              labeled.confidence(),
              labeled.review() ? ", to be reviewed," : "",
              labeled.model());
    }
    return "without a label: " + ((Result.Unlabeled) result).code();
  }
}
