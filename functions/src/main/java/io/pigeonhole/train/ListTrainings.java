package io.pigeonhole.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;

/** {@code GET /trainings}: what became of the trainings, newest first. */
final class ListTrainings implements Endpoint {
  private final Trainings trainings;

  ListTrainings(Trainings trainings) {
    this.trainings = trainings;
  }

  Operation operation() {
    return Operation.get("/trainings", "listTrainings")
        .saying("The trainings", "The newest 20 that AWS Batch remembers, which is for a week.")
        .answers(
            "The trainings, newest first.",
            Schema.object()
                .required("trainings", Schema.array(StartTraining.schema()))
                .named("Trainings"))
        .by(this);
  }

  @Override
  public Answer answer(Request request) {
    ObjectNode json = Answer.JSON.createObjectNode();
    ArrayNode all = json.putArray("trainings");
    trainings.newest().forEach(training -> all.add(training.json()));
    return Answer.json(json);
  }
}
