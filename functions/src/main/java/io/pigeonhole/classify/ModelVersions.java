package io.pigeonhole.classify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
final class ModelVersions implements Router.Endpoint {
  private static final Logger LOG = Logger.getLogger(ModelVersions.class);
  private static final int NEWEST = 50;

  private final ModelRepository repository;
  private final ModelInService models;

  /** A version never changes. */
  private final Map<ModelVersion, Manifest> manifests = new ConcurrentHashMap<>();

  ModelVersions(ModelRepository repository, ModelInService models) {
    this.repository = repository;
    this.models = models;
  }

  @Override
  public Answer answer(Request request, String rest) throws ProblemException {
    try {
      ObjectNode json = Answer.JSON.createObjectNode();
      inService().ifPresent(manifest -> json.put("name", manifest.name()));
      inService().ifPresent(manifest -> json.put("inService", manifest.version().value()));
      models.manifest().ifPresent(manifest -> json.put("loaded", manifest.version().value()));
      ArrayNode versions = json.putArray("versions");
      for (ModelVersion version : newest()) {
        manifest(version).ifPresent(manifest -> put(versions.addObject(), manifest));
      }
      return Answer.json(json);
    } catch (IOException e) {
      throw Unanswered.by("the models bucket", e);
    }
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

  private static void put(ObjectNode json, Manifest manifest) {
    json.put("version", manifest.version().value())
        .put("createdAt", manifest.createdAt().toString());
    ArrayNode classes = json.putArray("classes");
    manifest.classes().forEach(classes::add);
    json.putObject("metrics")
        .put("accuracy", manifest.metrics().accuracy())
        .put("loss", manifest.metrics().loss())
        .put("expectedCalibrationError", manifest.metrics().expectedCalibrationError());
    json.putObject("calibration")
        .put("threshold", manifest.calibration().threshold())
        .put("targetPrecision", manifest.calibration().targetPrecision())
        .put("coverage", manifest.calibration().coverage());
    json.putObject("training")
        .put("recipe", manifest.training().recipe())
        .put("dataset", manifest.training().dataset());
  }
}
