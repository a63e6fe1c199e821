package io.pigeonhole.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.train.Trainings.Outcome;
import java.io.IOException;

/** {@code POST /trainings}: starts a training, or tells of the one that is under way. */
final class StartTraining implements Endpoint {
  private static final String EXPECTED =
      "{\"recipe\": \"transfer\", \"base\": \"mobilenet-v2\", \"data\": \"cifar10\","
          + " \"name\": \"cifar10\"}, or a part of it";

  private final Trainings trainings;
  private final TrainingRequest.Limits limits;

  StartTraining(Trainings trainings, TrainingRequest.Limits limits) {
    this.trainings = trainings;
    this.limits = limits;
  }

  Operation operation() {
    return TrainingOperations.start(limits.recipes()).by(this);
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
