package io.pigeonhole.provide;

import io.pigeonhole.config.Settings;
import io.pigeonhole.model.ModelRepository;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the part of the provide function. */
@Singleton
final class ProvideWiring {

  @Produces
  @Singleton
  BundledModel bundled(ModelRepository repository, Settings settings) {
    return new BundledModel(settings.bundledModels(), settings.modelName(), repository);
  }
}
