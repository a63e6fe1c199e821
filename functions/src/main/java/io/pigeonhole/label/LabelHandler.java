package io.pigeonhole.label;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pigeonhole.config.InvalidSettingException;
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
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The function {@code label}: uploads, as S3, SQS, SNS and EventBridge tell of them.
 *
 * <p>From a queue, it answers with the messages to be delivered again (<a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">partial batch
 * responses</a>): those of which an image is to be tried again, which it asks the queue for soon.
 * What cannot be read now cannot be read later; it is logged as an error, counted, and done with.
 * Invoked directly, the function fails after all else is done, so that Lambda tries again, and in
 * the end says so. An invocation without images loads the model.
 */
@Singleton
@Named("label")
public final class LabelHandler implements RequestStreamHandler {
  private static final Logger LOG = Logger.getLogger(LabelHandler.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Labeling labeling;
  private final Redelivery redelivery;
  private final LabelReport report;
  private final String resultsBucket;

  LabelHandler(
      Labeling labeling, Redelivery redelivery, InvocationMetrics metrics, Settings settings) {
    this.labeling = labeling;
    this.redelivery = redelivery;
    this.report = new LabelReport(metrics);
    this.resultsBucket = settings.resultsBucket();
    if (settings.outputs().isEmpty()) {
      throw new InvalidSettingException(
          "the setting pigeonhole.outputs (environment variable PIGEONHOLE_OUTPUTS) must have one"
              + " of result,tags,index here: lines are backfill's");
    }
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    LabelEvent event = read(in);
    Deadline deadline = Deadline.of(context);
    if (event instanceof LabelEvent.Queued queued) {
      JSON.writeValue(out, label(queued, deadline, context));
    } else if (event instanceof LabelEvent.Direct direct) {
      label(direct.contents(), deadline, context.getAwsRequestId());
      JSON.writeValue(out, Map.of("images", direct.contents().images().size()));
    }
  }

  private static LabelEvent read(InputStream in) throws IOException {
    try {
      return EventReader.read(in);
    } catch (UnreadableEventException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private SQSBatchResponse label(LabelEvent.Queued queued, Deadline deadline, Context context) {
    String request = context.getAwsRequestId();
    List<LabelEvent.Message> messages = queued.messages();
    messages.forEach(message -> LabelReport.logProblems(message, request));
    Map<ImageEvent, Outcome> outcomes =
        label(messages.stream().map(LabelEvent.Message::contents).toList(), deadline, request);
    List<LabelEvent.Message> again =
        messages.stream()
            .filter(message -> !failed(message.contents(), outcomes).isEmpty())
            .toList();
    redelivery.soon(again, context);
    return new SQSBatchResponse(
        again.stream()
            .map(message -> new SQSBatchResponse.BatchItemFailure(message.id()))
            .toList());
  }

  private void label(LabelEvent.Contents contents, Deadline deadline, String request)
      throws IOException {
    Map<ImageEvent, Outcome> outcomes = label(List.of(contents), deadline, request);
    List<ImageEvent> failed = failed(contents, outcomes);
    if (!failed.isEmpty()) {
      throw new LabelingIncompleteException(
          failed.stream()
              .limit(10)
              .map(image -> Quoted.of(image.key()))
              .collect(Collectors.joining(", ", "to be tried again: ", "")));
    }
    if (!contents.problems().isEmpty()) {
      throw new IOException(String.join("; ", contents.problems()));
    }
  }

  private static List<ImageEvent> failed(
      LabelEvent.Contents contents, Map<ImageEvent, Outcome> outcomes) {
    return contents.images().stream()
        .filter(image -> outcomes.get(image) instanceof Outcome.Failed)
        .toList();
  }

  private Map<ImageEvent, Outcome> label(
      List<LabelEvent.Contents> all, Deadline deadline, String request) {
    List<ImageEvent> images = all.stream().flatMap(c -> c.images().stream()).toList();
    Map<ImageEvent, Outcome> outcomes = label(images, deadline);
    report.write(all, outcomes, request);
    return outcomes;
  }

  private Map<ImageEvent, Outcome> label(Collection<ImageEvent> images, Deadline deadline) {
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
    return labeling.label(theirs, deadline);
  }

  private void warmUp(Deadline deadline) {
    try {
      labeling.warmUp(deadline);
    } catch (ModelUnavailableException e) {
      // nothing was asked for that needs it
      LOG.warn(e.getMessage());
    }
  }
}
