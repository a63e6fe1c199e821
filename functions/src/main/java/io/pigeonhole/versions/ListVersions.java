package io.pigeonhole.versions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * {@code GET /models}: the versions, newest first, with what they were measured to be; which of
 * them is in service, and which this instance has loaded.
 */
public final class ListVersions implements Endpoint {
  private static final Logger LOG = Logger.getLogger(ListVersions.class);
  private static final int NEWEST = 50;

  private final ModelRepository repository;
  private final ModelInService models;

  /** A version never changes. */
  private final Map<ModelVersion, Manifest> manifests = new ConcurrentHashMap<>();

  public ListVersions(ModelRepository repository, ModelInService models) {
    this.repository = repository;
    this.models = models;
  }

  /** What it is. */
  public Operation operation() {
    return Operation.get("/models", "listModels", Level.READ)
        .saying("The versions of the model", "The newest 50, with what they were measured to be.")
        .answers("The versions, newest first.", schema())
        .by(this);
  }

  private static Schema schema() {
    Schema perClass =
        Schema.object()
            .required("label", Schema.string())
            .required("precision", Schema.share())
            .required("recall", Schema.share())
            .required("f1", Schema.share())
            .required("samples", Schema.count())
            .named("ClassMetrics");
    Schema version =
        Schema.object()
            .required("version", Schema.string())
            .required("createdAt", Schema.string("date-time"))
            .required("inService", Schema.bool())
            .required("classes", Schema.array(Schema.string()))
            .required(
                "metrics",
                Schema.object()
                    .required("accuracy", Schema.share())
                    .required("loss", Schema.number())
                    .required("expectedCalibrationError", Schema.share())
                    .required("perClass", Schema.array(perClass)))
            .required(
                "calibration",
                Schema.object()
                    .required("threshold", Schema.share())
                    .required("targetPrecision", Schema.share())
                    .required("coverage", Schema.share()))
            .required(
                "training",
                Schema.object()
                    .required("recipe", Schema.string())
                    .required("dataset", Schema.string())
                    .required("samples", Schema.count())
                    .required("epochs", Schema.count())
                    .required("seconds", Schema.number())
                    .required("device", Schema.string()))
            .required("report", Schema.bool().saying("Whether there is a report to read."))
            .named("ModelVersion");
    return Schema.object()
        .optional("name", Schema.string())
        .optional("inService", Schema.string().saying("What the pointer says."))
        .optional("loaded", Schema.string().saying("What this instance answers with."))
        .required("versions", Schema.array(version))
        .named("Models");
  }

  @Override
  public Answer answer(Request request) throws IOException {
    ObjectNode json = Answer.JSON.createObjectNode();
    Optional<Manifest> inService = inService();
    inService.ifPresent(
        manifest -> json.put("name", manifest.name()).put("inService", manifest.version().value()));
    models.manifest().ifPresent(manifest -> json.put("loaded", manifest.version().value()));
    Optional<ModelVersion> current = inService.map(Manifest::version);
    ArrayNode versions = json.putArray("versions");
    for (ModelVersion version : newest()) {
      manifest(version)
          .ifPresent(
              manifest ->
                  put(versions.addObject(), manifest, current.equals(Optional.of(version))));
    }
    return Answer.json(json);
  }

  private Optional<Manifest> inService() throws IOException {
    try {
      return repository.current().map(ModelRepository.Pointer::manifest);
    } catch (InvalidManifestException e) {
      LOG.warnf("the pointer is refused: %s", e.getMessage());
      return Optional.empty();
    }
  }

  private List<ModelVersion> newest() throws IOException {
    List<ModelVersion> versions = new ArrayList<>(repository.versions());
    Collections.reverse(versions);
    return versions.subList(0, Math.min(NEWEST, versions.size()));
  }

  private Optional<Manifest> manifest(ModelVersion version) throws IOException {
    Manifest known = manifests.get(version);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      Manifest manifest = repository.manifest(version);
      manifests.put(version, manifest);
      return Optional.of(manifest);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (InvalidManifestException e) {
      LOG.warnf("version %s is left out: %s", version, e.getMessage());
      return Optional.empty();
    }
  }

  private static void put(ObjectNode json, Manifest manifest, boolean inService) {
    json.put("version", manifest.version().value())
        .put("createdAt", manifest.createdAt().toString())
        .put("inService", inService);
    ArrayNode classes = json.putArray("classes");
    manifest.classes().forEach(classes::add);
    metrics(json.putObject("metrics"), manifest);
    json.putObject("calibration")
        .put("threshold", manifest.calibration().threshold())
        .put("targetPrecision", manifest.calibration().targetPrecision())
        .put("coverage", manifest.calibration().coverage());
    json.putObject("training")
        .put("recipe", manifest.training().recipe())
        .put("dataset", manifest.training().dataset())
        .put("samples", manifest.training().samples())
        .put("epochs", manifest.training().epochs())
        .put("seconds", manifest.training().seconds())
        .put("device", manifest.training().device());
    json.put("report", GetReport.has(manifest));
  }

  private static void metrics(ObjectNode json, Manifest manifest) {
    json.put("accuracy", manifest.metrics().accuracy())
        .put("loss", manifest.metrics().loss())
        .put("expectedCalibrationError", manifest.metrics().expectedCalibrationError());
    ArrayNode perClass = json.putArray("perClass");
    for (String label : manifest.classes()) {
      Optional.ofNullable(manifest.metrics().perClass().get(label))
          .ifPresent(
              m ->
                  perClass
                      .addObject()
                      .put("label", label)
                      .put("precision", m.precision())
                      .put("recall", m.recall())
                      .put("f1", m.f1())
                      .put("samples", m.samples()));
    }
  }
}
