package io.pigeonhole.train;

import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the API says of trainings, whichever function says it. */
public final class TrainingOperations {
  private static final int NOT_IMPLEMENTED = 501;

  private TrainingOperations() {}

  /**
   * The operations of an API without trainings, and of a function that does not start them: with
   * them the gateway asks the function {@code train}. They are described, allowed to the pages that
   * are allowed, and answered with 501.
   *
   * @param recipes that the trainer has
   */
  public static List<Operation> elsewhere(Set<String> recipes) {
    Endpoint nowhere =
        request -> {
          throw Problem.of(NOT_IMPLEMENTED, "this API starts no trainings").exception();
        };
    return List.of(start(recipes).by(nowhere), list().by(nowhere));
  }

  static Operation.Description start(Set<String> recipes) {
    return Operation.post("/trainings", "startTraining", Level.ADMIN)
        .saying(
            "Start a training",
            "There is one at a time: while one is under way, this answers with it (200), and starts"
                + " none. The model is put into service if it is good enough.")
        .mayTake(
            "application/json",
            Schema.object()
                .optional(
                    "recipe",
                    Schema.oneOf(List.copyOf(recipes))
                        .saying(
                            "By default fast; with a base transfer. It and fine-tune need one."))
                .optional(
                    "base",
                    Schema.string()
                        .saying(
                            "What it begins with: a name that `GET /bases` tells, or nothing."
                                + " A few dozen images a class want one."))
                .optional(
                    "data",
                    Schema.string()
                        .saying("cifar10, or a folder of the data set bucket, or a list in it."))
                .optional("name", Schema.string().saying("Of the model."))
                .named("TrainingRequest"))
        .answers("The one that is under way.", schema())
        .answers(202, "It has been started.", Map.of("application/json", schema()))
        .problems(403, 415, NOT_IMPLEMENTED);
  }

  static Operation.Description list() {
    return Operation.get("/trainings", "listTrainings", Level.ADMIN)
        .saying("The trainings", "The newest 20 that AWS Batch remembers, which is for a week.")
        .answers(
            "The trainings, newest first.",
            Schema.object().required("trainings", Schema.array(schema())).named("Trainings"))
        .problems(NOT_IMPLEMENTED);
  }

  private static Schema schema() {
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
        .optional("base", Schema.string().saying("What it began with."))
        .required("data", Schema.string())
        .required("name", Schema.string())
        .optional("createdAt", Schema.string("date-time"))
        .optional("startedAt", Schema.string("date-time"))
        .optional("stoppedAt", Schema.string("date-time"))
        .named("Training");
  }
}
