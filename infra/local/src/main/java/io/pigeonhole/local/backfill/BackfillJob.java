package io.pigeonhole.local.backfill;

import io.pigeonhole.local.backfill.Invocation.Code;
import io.pigeonhole.local.backfill.Invocation.Verdict;
import io.pigeonhole.local.lambda.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A job over the objects of a prefix. Tasks that fail temporarily are tried again; the others are
 * done with at once. The listing is read as the job goes on, so a bucket may be of any size.
 */
final class BackfillJob {
  private static final int TASKS_AN_INVOCATION = 25;
  private static final int TRIES = 3;

  /** As S3 has it: after so many tasks, a job of which most have failed is ended. */
  static final long FAIR_TRIAL = 1000;

  /** Before tasks are tried again; twice as long each time. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private final String id = UUID.randomUUID().toString();
  private final S3Client s3;
  private final Function<byte[], CompletableFuture<Outcome>> function;
  private final long fairTrial;
  private final Duration pause;
  private final Progress progress;

  /** Hears how far a job is. */
  interface Progress {
    /**
     * After each invocation.
     *
     * @throws IOException to end the job
     */
    void done(long labeled, long withoutLabel) throws IOException;
  }

  BackfillJob(
      S3Client s3,
      Function<byte[], CompletableFuture<Outcome>> function,
      long fairTrial,
      Duration pause,
      Progress progress) {
    this.s3 = s3;
    this.function = function;
    this.fairTrial = fairTrial;
    this.pause = pause;
    this.progress = progress;
  }

  /**
   * What became of a job.
   *
   * @param withoutLabel the others: those whose result says why, and those that failed
   * @param failed of the tasks, so that S3 would count them
   * @param ended why it was ended early; empty if it was not
   * @param report the key of its report's manifest
   */
  record Completion(long labeled, long withoutLabel, long failed, String ended, String report) {}

  /**
   * Runs the job to its end.
   *
   * @param bucket that has the images
   * @param prefix of their keys; empty for all
   * @param reports the bucket for the report, which is put under {@code backfill/job-<id>/}
   */
  Completion run(String bucket, String prefix, String reports)
      throws IOException, InterruptedException {
    Counts counts = new Counts();
    String ended = "";
    try (CompletionReport report = new CompletionReport()) {
      Iterator<String> keys = keys(bucket, prefix);
      while (keys.hasNext() && ended.isEmpty()) {
        List<String> tasks = new ArrayList<>();
        while (keys.hasNext() && tasks.size() < TASKS_AN_INVOCATION) {
          tasks.add(keys.next());
        }
        for (Map.Entry<String, Verdict> task : verdicts(bucket, tasks).entrySet()) {
          Verdict verdict = task.getValue();
          counts.add(verdict);
          if (verdict.code() == Code.Succeeded) {
            report.succeeded(bucket, task.getKey(), verdict.said());
          } else {
            report.failed(bucket, task.getKey(), verdict.code().name(), verdict.said());
          }
        }
        progress.done(counts.labeled, counts.withoutLabel);
        if (counts.areHopeless(fairTrial)) {
          ended = "more than half of the tasks failed";
        }
      }
      String manifest = report.put(s3, reports, "backfill/job-" + id + "/");
      return new Completion(counts.labeled, counts.withoutLabel, counts.failed, ended, manifest);
    }
  }

  private static final class Counts {
    private long labeled;
    private long withoutLabel;
    private long failed;

    void add(Verdict verdict) {
      if (verdict.isLabel()) {
        labeled++;
      } else {
        withoutLabel++;
      }
      if (verdict.code() != Code.Succeeded) {
        failed++;
      }
    }

    boolean areHopeless(long fairTrial) {
      long tasks = labeled + withoutLabel;
      return tasks >= fairTrial && failed > tasks - failed;
    }
  }

  private Iterator<String> keys(String bucket, String prefix) {
    return s3
        .listObjectsV2Paginator(
            list -> list.bucket(bucket).prefix(prefix).encodingType(EncodingType.URL))
        .contents()
        .stream()
        .map(S3Object::key)
        .filter(key -> !key.endsWith("/"))
        .iterator();
  }

  private Map<String, Verdict> verdicts(String bucket, List<String> tasks)
      throws InterruptedException {
    Map<String, Verdict> verdicts = invoke(bucket, tasks);
    for (int i = 1; i < TRIES; i++) {
      List<String> again =
          tasks.stream().filter(key -> verdicts.get(key).code() == Code.TemporaryFailure).toList();
      if (again.isEmpty()) {
        return verdicts;
      }
      TimeUnit.MILLISECONDS.sleep(pause.toMillis() << (i - 1));
      verdicts.putAll(invoke(bucket, again));
    }
    return verdicts;
  }

  private Map<String, Verdict> invoke(String bucket, List<String> tasks)
      throws InterruptedException {
    Invocation invocation = new Invocation(id, bucket, tasks);
    try {
      return invocation.verdicts(function.apply(invocation.event()).get());
    } catch (ExecutionException e) {
      return invocation.verdicts(new Outcome.Failed("Unhandled", String.valueOf(e.getCause())));
    }
  }
}
