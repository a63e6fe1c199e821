package io.pigeonhole.versions;

import io.pigeonhole.api.Api;
import io.pigeonhole.api.Origins;
import io.pigeonhole.config.Settings;
import io.pigeonhole.model.ModelRepository;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Makes the parts of the promote function. */
@Singleton
final class PromoteWiring {

  @Produces
  @Singleton
  @Identifier("promotions")
  Api api(ModelRepository repository, Settings settings) {
    return new Api(
        List.of(new PromoteVersion(repository).operation()),
        new Origins(settings.corsOrigins()),
        settings.access());
  }
}
