package io.pigeonhole.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.train.Trainings.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code POST /trainings}: starts a training, or tells of the one that is under way. */
final class StartTraining implements Endpoint {
  private static final String EXPECTED =
      "{\"recipe\": \"fast\", \"data\": \"cifar10\", \"name\": \"cifar10\"}, or a part of it";

  private final Trainings trainings;
  private final TrainingRequest.Limits limits;

  StartTraining(Trainings trainings, TrainingRequest.Limits limits) {
    this.trainings = trainings;
    this.limits = limits;
  }

  Operation operation() {
    return Operation.post("/trainings", "startTraining")
        .saying(
            "Start a training",
            "There is one at a time: while one is under way, this answers with it (200), and starts"
                + " none. The model is put into service if it is good enough.")
        .mayTake(
            "application/json",
            Schema.object()
                .optional("recipe", Schema.oneOf(List.copyOf(limits.recipes())))
                .optional(
                    "data", Schema.string().saying("cifar10, or a part of the data set bucket."))
                .optional("name", Schema.string().saying("Of the model."))
                .named("TrainingRequest"))
        .answers("The one that is under way.", schema())
        .answers(202, "It has been started.", Map.of("application/json", schema()))
        .problems(403, 415)
        .by(this);
  }

  static Schema schema() {
    return Schema.object()
        .required("id", Schema.string().saying("Of the job in AWS Batch."))
        .required(
            "status",
            Schema.oneOf(
                List.of(
                    "SUBMITTED",
                    "PENDING",
                    "RUNNABLE",
                    "STARTING",
                    "RUNNING",
                    "SUCCEEDED",
                    "FAILED")))
        .optional("reason", Schema.string().saying("What AWS Batch says of the status."))
        .required("recipe", Schema.string())
        .required("data", Schema.string())
        .required("name", Schema.string())
        .optional("createdAt", Schema.string("date-time"))
        .optional("startedAt", Schema.string("date-time"))
        .optional("stoppedAt", Schema.string("date-time"))
        .named("Training");
  }

  @Override
  public Answer answer(Request request) throws ProblemException, IOException {
    JsonNode json =
        request.body().length == 0 ? Answer.JSON.createObjectNode() : request.json(EXPECTED);
    Outcome outcome = trainings.start(TrainingRequest.read(json, limits));
    return Answer.json(outcome.training().json())
        .status(outcome instanceof Outcome.Started ? 202 : 200);
  }
}
