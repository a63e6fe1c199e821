package io.pigeonhole.train;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.batch.BatchClient;
import software.amazon.awssdk.services.batch.model.JobDetail;
import software.amazon.awssdk.services.batch.model.JobSummary;
import software.amazon.awssdk.services.batch.model.KeyValuesPair;

/**
 * The jobs of the queue of trainings. All methods throw {@link
 * software.amazon.awssdk.core.exception.SdkException} when AWS Batch does not answer as it should.
 */
final class TrainingJobs {
  /** Of the names of the jobs, so that others in the queue do not count. */
  static final String NAME_PREFIX = "training-";

  private static final int NEWEST = 20;
  private static final int PAGE = 100;

  /** The trainer's, for a model that it published but did not put into service. */
  private static final int NOT_PROMOTED = 3;

  private final BatchClient batch;
  private final String queue;
  private final String definition;
  private final String modelsBucket;
  private final String resultsBucket;

  /**
   * Jobs of a queue, made of a definition.
   *
   * @param modelsBucket that they publish to
   * @param resultsBucket whose corrections they learn from
   */
  TrainingJobs(
      BatchClient batch,
      String queue,
      String definition,
      String modelsBucket,
      String resultsBucket) {
    this.batch = batch;
    this.queue = queue;
    this.definition = definition;
    this.modelsBucket = modelsBucket;
    this.resultsBucket = resultsBucket;
  }

  /** Submits a job, and returns its id. */
  String submit(String jobName, TrainingRequest request) {
    return batch
        .submitJob(
            job ->
                job.jobName(jobName)
                    .jobQueue(queue)
                    .jobDefinition(definition)
                    // no part of the command, but told by DescribeJobs
                    .parameters(parameters(request))
                    .containerOverrides(o -> o.command(command(request))))
        .jobId();
  }

  private static Map<String, String> parameters(TrainingRequest request) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("recipe", request.recipe());
    parameters.put("data", request.data());
    parameters.put("name", request.name());
    if (!request.base().isEmpty()) {
      parameters.put("base", request.base());
    }
    return parameters;
  }

  private List<String> command(TrainingRequest request) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("train", "--recipe", request.recipe(), "--name", request.name()));
    words.addAll(List.of("--out", "s3://" + modelsBucket));
    words.addAll(List.of("--corrections", "s3://" + resultsBucket));
    if (!request.base().isEmpty()) {
      words.addAll(List.of("--base", request.base()));
    }
    if (!request.data().equals(TrainingRequest.CIFAR)) {
      words.addAll(List.of("--data", request.data()));
    }
    return words;
  }

  /** The job of this name; of several, which a lost answer can leave, one that is active. */
  Optional<Training> named(String jobName) {
    List<Training> found = matching(jobName);
    return found.stream()
        .filter(Training::isActive)
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  /** The newest, as far back as AWS Batch remembers (a week or more). */
  List<Training> newest() {
    return matching(NAME_PREFIX + "*");
  }

  private List<Training> matching(String jobName) {
    List<String> ids =
        batch
            .listJobs(
                list ->
                    list.jobQueue(queue)
                        .filters(KeyValuesPair.builder().name("JOB_NAME").values(jobName).build())
                        .maxResults(PAGE))
            .jobSummaryList()
            .stream()
            .sorted(Comparator.comparing(JobSummary::createdAt).reversed())
            .limit(NEWEST)
            .map(JobSummary::jobId)
            .toList();
    if (ids.isEmpty()) {
      return List.of();
    }
    return batch.describeJobs(describe -> describe.jobs(ids)).jobs().stream()
        .map(TrainingJobs::training)
        .sorted(
            Comparator.comparing((Training t) -> t.createdAt().orElse(Instant.EPOCH)).reversed())
        .toList();
  }

  private static Training training(JobDetail job) {
    Map<String, String> parameters = job.parameters();
    return new Training(
        job.jobId(),
        job.statusAsString(),
        reason(job),
        new TrainingRequest(
            parameters.getOrDefault("recipe", ""),
            parameters.getOrDefault("base", ""),
            parameters.getOrDefault("data", ""),
            parameters.getOrDefault("name", "")),
        instant(job.createdAt()),
        instant(job.startedAt()),
        instant(job.stoppedAt()));
  }

  private static String reason(JobDetail job) {
    Integer exitCode = job.container() == null ? null : job.container().exitCode();
    if (exitCode != null && exitCode == NOT_PROMOTED) {
      return "the model was published, but is not good enough to be put into service";
    }
    return job.statusReason() == null ? "" : job.statusReason();
  }

  private static Optional<Instant> instant(Long millis) {
    return Optional.ofNullable(millis).map(Instant::ofEpochMilli);
  }
}
