package io.pigeonhole.backfill;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.backfill.Job.Task;
import io.pigeonhole.label.StoredImages;
import io.pigeonhole.label.StoredImages.Answer;
import io.pigeonhole.label.StoredImages.Image;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The function {@code backfill}: the tasks of a job of S3 Batch Operations, each an image.
 *
 * <p>S3 invokes it again for tasks that fail temporarily, and writes what it says of all of them
 * into the job's report (<a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html">result
 * codes</a>). S3 ends a job in which <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status-failure.html">more
 * than half of the tasks fail</a>, so an object that is no image is none: its result, which says
 * so, is what was asked for.
 */
@Singleton
@Named("backfill")
public final class BackfillHandler implements RequestStreamHandler {
  private static final Logger LOG = Logger.getLogger(BackfillHandler.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  // of the report's column
  private static final int MAX_RESULT_STRING = 1024;

  private final StoredImages images;

  BackfillHandler(StoredImages images) {
    this.images = images;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    Job job = Job.read(in);
    List<Image> wanted = job.tasks().stream().map(Task::image).flatMap(Optional::stream).toList();
    Map<Image, Answer> answers = images.label(wanted, job.name(), context);
    ObjectNode response =
        JSON.createObjectNode()
            .put("invocationSchemaVersion", job.schema())
            .put("treatMissingKeysAs", "TemporaryFailure")
            .put("invocationId", job.invocation());
    ArrayNode results = response.putArray("results");
    for (Task task : job.tasks()) {
      Verdict verdict =
          task.image()
              .map(image -> verdict(answers.get(image)))
              .orElseGet(() -> new Verdict("PermanentFailure", task.problem()));
      results
          .addObject()
          .put("taskId", task.id())
          .put("resultCode", verdict.code())
          .put("resultString", cut(verdict.said()));
      LOG.infof(
          "task %s: %s, %s (request %s)",
          task.id(), verdict.code(), verdict.said(), context.getAwsRequestId());
    }
    JSON.writeValue(out, response);
  }

  /** A code of S3 Batch Operations, and what the report is to say. */
  private record Verdict(String code, String said) {}

  private static Verdict verdict(Answer answer) {
    if (answer instanceof Answer.Labeled labeled) {
      return new Verdict(
          "Succeeded",
          String.format(
              Locale.ROOT,
              "%s %.2f%s",
              labeled.label().orElse("none of the labels"),
              labeled.confidence(),
              labeled.reason().map(reason -> " review: " + reason.code()).orElse("")));
    }
    if (answer instanceof Answer.Unlabeled unlabeled) {
      return new Verdict("Succeeded", unlabeled.code() + ": " + unlabeled.message());
    }
    if (answer instanceof Answer.FolderMarker) {
      return new Verdict("Succeeded", "folder-marker: skipped");
    }
    if (answer instanceof Answer.Refused refused) {
      return new Verdict("PermanentFailure", refused.reason());
    }
    return new Verdict("TemporaryFailure", ((Answer.Failed) answer).reason());
  }

  private static String cut(String text) {
    return text.length() > MAX_RESULT_STRING ? text.substring(0, MAX_RESULT_STRING) : text;
  }
}
