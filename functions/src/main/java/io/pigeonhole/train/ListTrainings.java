package io.pigeonhole.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Request;

/** {@code GET /trainings}: what became of the trainings, newest first. */
final class ListTrainings implements Endpoint {
  private final Trainings trainings;

  ListTrainings(Trainings trainings) {
    this.trainings = trainings;
  }

  Operation operation() {
    return TrainingOperations.list().by(this);
  }

  @Override
  public Answer answer(Request request) {
    ObjectNode json = Answer.JSON.createObjectNode();
    ArrayNode all = json.putArray("trainings");
    trainings.newest().forEach(training -> all.add(training.json()));
    return Answer.json(json);
  }
}
