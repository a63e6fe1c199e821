package io.pigeonhole.classify;

import io.pigeonhole.classify.Router.Route;
import io.pigeonhole.config.Settings;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.model.ModelRepository;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes the parts of the classify function: here are its routes. */
@Singleton
final class ClassifyWiring {
  private static final long MAX_RESULT_BYTES = 1 << 20;

  @Produces
  @Singleton
  Router router(
      S3Client s3,
      ModelRepository repository,
      ModelInService models,
      ImageDecoder decoder,
      Settings settings) {
    ImageSource images =
        new ImageSource(s3, settings.imagesBucket(), settings.imageLimits().maxBytes());
    ImageSource results = new ImageSource(s3, settings.resultsBucket(), MAX_RESULT_BYTES);
    return routes(models, decoder, repository, images, results);
  }

  static Router routes(
      ModelInService models,
      ImageDecoder decoder,
      ModelRepository repository,
      ImageSource images,
      ImageSource results) {
    return new Router(
        List.of(
            new Route("POST", "/classify", new ClassifyImage(models, decoder, images)),
            new Route("GET", "/images/{rest}", new ImageResult(results)),
            new Route("GET", "/models", new ModelVersions(repository, models))));
  }
}
