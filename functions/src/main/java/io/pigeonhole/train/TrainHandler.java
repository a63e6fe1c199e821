package io.pigeonhole.train;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Api;
import io.pigeonhole.api.Payload;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.train.Trainings.Outcome;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jboss.logging.Logger;

/**
 * The function {@code train}: starts a training, on a schedule or on request.
 *
 * <p>It takes {@code {"recipe", "base", "data", "name"}}, each optional, as the input of a direct
 * invocation or of a schedule of <a
 * href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html">EventBridge
 * Scheduler</a>, and answers {@code {"started", "training"}}; and requests for {@code /trainings}
 * of API Gateway. A scheduled event without an input means the defaults. What goes wrong fails the
 * invocation, so that Lambda tries again.
 */
@Singleton
@Named("train")
public final class TrainHandler implements RequestStreamHandler {
  private static final Logger LOG = Logger.getLogger(TrainHandler.class);

  private final Trainings trainings;
  private final TrainingRequest.Limits limits;
  private final Api api;

  TrainHandler(
      Trainings trainings, TrainingRequest.Limits limits, @Identifier("trainings") Api api) {
    this.trainings = trainings;
    this.limits = limits;
    this.api = api;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    JsonNode event = Answer.JSON.readTree(in);
    try {
      Answer.JSON.writeValue(
          out,
          event.has("requestContext")
              ? Payload.write(api.answer(Payload.read(event), context.getAwsRequestId()))
              : start(event, context.getAwsRequestId()));
    } catch (ProblemException e) {
      throw new IOException(e.problem().detail(), e);
    }
  }

  private JsonNode start(JsonNode event, String requestId) throws IOException, ProblemException {
    JsonNode asked = event.has("detail-type") ? Answer.JSON.createObjectNode() : event;
    Outcome outcome = trainings.start(TrainingRequest.read(asked, limits));
    boolean started = outcome instanceof Outcome.Started;
    LOG.infof(
        "training %s %s (request %s)",
        outcome.training().id(), started ? "started" : "is under way", requestId);
    ObjectNode answer = Answer.JSON.createObjectNode().put("started", started);
    answer.set("training", outcome.training().json());
    return answer;
  }
}
