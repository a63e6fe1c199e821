package io.pigeonhole.classify;

import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.pigeonholes.CountLabels;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The classes of the model that this instance has loaded, or else of the one in service. */
final class ClassesInService implements CountLabels.Classes {
  private final ModelRepository repository;
  private final ModelInService models;

  ClassesInService(ModelRepository repository, ModelInService models) {
    this.repository = repository;
    this.models = models;
  }

  @Override
  public List<String> inService() throws IOException {
    Optional<Manifest> loaded = models.manifest();
    try {
      return (loaded.isPresent()
              ? loaded
              : repository.current().map(ModelRepository.Pointer::manifest))
          .map(Manifest::classes)
          .orElse(List.of());
    } catch (InvalidManifestException e) {
      return List.of();
    }
  }
}
