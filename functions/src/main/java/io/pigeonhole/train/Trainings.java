package io.pigeonhole.train;

import io.pigeonhole.train.Slot.Claim;
import io.pigeonhole.train.Slot.Content;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.batch.model.BatchException;

/** Starts trainings, one at a time, however many ask at once. */
final class Trainings {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * A claim without a job is given up after this time: it is longer than an invocation lasts, so
   * whoever made the claim cannot submit a job any more.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int TRIES = 5;
  private static final int SERVER_ERROR = 500;

  private final Slot slot;
  private final TrainingJobs jobs;
  private final Clock clock;

  Trainings(Slot slot, TrainingJobs jobs, Clock clock) {
    this.slot = slot;
    this.jobs = jobs;
    this.clock = clock;
  }

  /** What came of a request. */
  sealed interface Outcome {
    Training training();

    /** This one has been started. */
    record Started(Training training) implements Outcome {}

    /** Another one runs, or waits for a machine. */
    record Running(Training training) implements Outcome {}
  }

  /**
   * Starts a training, unless one is active.
   *
   * @throws IOException if it cannot be known whether one is active: a bucket does not answer, or
   *     somebody else is about to start one
   */
  Outcome start(TrainingRequest request) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Content seen = slot.read();
      if (seen.claim().isPresent()) {
        Optional<Training> running = running(seen.claim().get());
        if (running.isPresent()) {
          return new Outcome.Running(running.get());
        }
      }
      Claim claim = new Claim(newName(), now());
      if (slot.claim(claim, seen)) {
        return new Outcome.Started(submit(claim, request));
      }
    }
    throw new IOException("others kept asking for a training at the same time");
  }

  List<Training> newest() {
    return jobs.newest();
  }

  private Optional<Training> running(Claim claim) throws IOException {
    Optional<Training> job = jobs.named(claim.jobName());
    if (job.isEmpty() && claim.at().plus(PATIENCE).isAfter(now())) {
      throw new IOException("somebody else is about to start a training");
    }
    return job.filter(Training::isActive);
  }

  private Training submit(Claim claim, TrainingRequest request) throws IOException {
    try {
      return Training.submitted(jobs.submit(claim.jobName(), request), request, claim.at());
    } catch (BatchException e) {
      // refused for certain; otherwise the job may be there all the same, and the claim stands
      if (e.statusCode() < SERVER_ERROR) {
        slot.free(claim);
      }
      throw e;
    }
  }

  private String newName() {
    return TrainingJobs.NAME_PREFIX
        + TIME.format(now())
        + "-"
        + UUID.randomUUID().toString().substring(0, 8);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
