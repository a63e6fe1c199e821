package io.pigeonhole.versions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.model.Gate;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelRepository.Promotion;
import io.pigeonhole.model.ModelVersion;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * {@code POST /models/{version}/promote}: puts a version into service. A newer one has to be good
 * enough, unless it is forced; an older one is a rollback, which somebody has a reason for.
 */
public final class PromoteVersion implements Endpoint {
  private static final double MARGIN = 0.005;
  private static final int NOT_IMPLEMENTED = 501;

  private final ModelRepository repository;

  PromoteVersion(ModelRepository repository) {
    this.repository = repository;
  }

  /**
   * What it is for a function that may not promote: with an API, the gateway asks the function
   * {@code promote}. It is described, allowed to the pages that are allowed, and answered with 501.
   */
  public static Operation elsewhere() {
    return description()
        .problems(NOT_IMPLEMENTED)
        .by(
            request -> {
              throw Problem.of(NOT_IMPLEMENTED, "this function puts no models into service")
                  .exception();
            });
  }

  /** What it is. */
  Operation operation() {
    return description().by(this);
  }

  private static Operation.Description description() {
    return Operation.post("/models/{version}/promote", "promoteModel", Level.ADMIN)
        .saying(
            "Put a version into service",
            "An older version than the one in service is a rollback, and always possible. A newer"
                + " one is refused (409, `refused`) if its accuracy is more than 0.005 lower or was"
                + " measured on other data, unless `force` is true. The functions take it over"
                + " within their refresh interval. May be repeated.")
        .inPath("version", Schema.string(), "As listed by `GET /models`.")
        .mayTake(
            "application/json",
            Schema.object()
                .optional("force", Schema.bool().saying("However good or bad it is."))
                .named("PromotionRequest"))
        .answers(
            "It is in service.",
            Schema.object().required("inService", Schema.string()).named("Promotion"))
        .problems(404, 409, 415);
  }

  @Override
  public Answer answer(Request request) throws ProblemException, IOException {
    boolean force =
        request.body().length > 0
            && request.json("{\"force\": true or false}").path("force").asBoolean();
    ModelVersion version = version(request);
    try {
      Promotion promotion = repository.promote(version, force ? Gate.open() : this::gate);
      if (promotion instanceof Promotion.Refused refused) {
        throw Problem.conflict("refused", refused.reason()).exception();
      }
      if (promotion instanceof Promotion.Conflict) {
        throw Problem.conflict("moved", "somebody else has just put a version into service")
            .exception();
      }
    } catch (NoSuchFileException e) {
      throw notFound();
    } catch (InvalidManifestException e) {
      throw Problem.conflict("invalid", String.valueOf(e.getMessage())).exception();
    }
    ObjectNode json = Answer.JSON.createObjectNode().put("inService", version.value());
    return Answer.json(json);
  }

  private Optional<String> gate(Manifest candidate, Manifest inService) throws IOException {
    return candidate.version().compareTo(inService.version()) <= 0
        ? Optional.empty()
        : Gate.byAccuracy(MARGIN).refusal(candidate, inService);
  }

  static ModelVersion version(Request request) throws ProblemException {
    try {
      return new ModelVersion(request.captured("version"));
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
  }

  static ProblemException notFound() {
    return Problem.notFound("there is no such version of the model").exception();
  }
}
