package io.pigeonhole.inference;

import io.pigeonhole.config.Settings;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.S3ModelStore;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes what both functions share. */
@Singleton
final class InferenceWiring {

  @Produces
  @Singleton
  TensorFlowEngine tensorflow() {
    TensorFlowEngine engine = new TensorFlowEngine();
    // Lambda's init phase is not billed, so the library loads while all else starts
    engine.start();
    return engine;
  }

  @Produces
  @Singleton
  ModelRepository repository(S3Client s3, Settings settings) {
    return new ModelRepository(new S3ModelStore(s3, settings.modelsBucket()), settings.modelName());
  }

  @Produces
  @Singleton
  ModelInService models(
      ModelRepository repository, TensorFlowEngine tensorflow, Settings settings) {
    ModelInService models =
        new ModelInService(
            repository, tensorflow, settings.modelRefresh(), settings.modelBfloat16());
    // Beside the library, and all else that starts
    models.begin();
    return models;
  }

  void close(@Disposes ModelInService models) {
    models.close();
  }

  @Produces
  @Singleton
  ImageDecoder decoder(Settings settings, TensorFlowEngine tensorflow) {
    ImageLimits limits = settings.imageLimits();
    tensorflow.await();
    return new ImageDecoder(limits);
  }

  void close(@Disposes ImageDecoder decoder) {
    decoder.close();
  }
}
