package io.pigeonhole.train;

import io.pigeonhole.api.Access;
import io.pigeonhole.api.Api;
import io.pigeonhole.api.Origins;
import io.pigeonhole.aws.NativeHttpClient;
import io.pigeonhole.config.Settings;
import io.pigeonhole.model.S3ModelStore;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.batch.BatchClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes the parts of the train function. */
@Singleton
final class TrainWiring {

  @Produces
  @Singleton
  BatchClient batch() {
    return BatchClient.builder()
        .httpClientBuilder(NativeHttpClient.builder())
        // to submit again, when an answer was lost, would start a second job
        .overrideConfiguration(
            o -> o.retryStrategy(r -> r.maxAttempts(1)).apiCallTimeout(Duration.ofSeconds(8)))
        .build();
  }

  void close(@Disposes BatchClient batch) {
    batch.close();
  }

  @Produces
  @Singleton
  Trainings trainings(BatchClient batch, S3Client s3, Settings settings) {
    return new Trainings(
        new Slot(new S3ModelStore(s3, settings.modelsBucket())),
        new TrainingJobs(
            batch,
            settings.trainJobQueue(),
            settings.trainJobDefinition(),
            settings.modelsBucket(),
            settings.resultsBucket()),
        Clock.systemUTC());
  }

  @Produces
  @Singleton
  TrainingRequest.Limits limits(S3Client s3, Settings settings) {
    Bases bases = new Bases(new S3ModelStore(s3, settings.modelsBucket()), settings.trainBases());
    return new TrainingRequest.Limits(
        settings.trainRecipes(), bases, settings.datasetBucket(), settings.modelName());
  }

  @Produces
  @Singleton
  @Identifier("trainings")
  Api api(Trainings trainings, TrainingRequest.Limits limits, Settings settings) {
    return api(trainings, limits, new Origins(settings.corsOrigins()), settings.access());
  }

  static Api api(
      Trainings trainings, TrainingRequest.Limits limits, Origins origins, Access access) {
    return new Api(
        List.of(
            new StartTraining(trainings, limits).operation(),
            new ListTrainings(trainings).operation()),
        origins,
        access);
  }
}
