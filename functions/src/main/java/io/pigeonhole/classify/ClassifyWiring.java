package io.pigeonhole.classify;

import io.pigeonhole.api.Access;
import io.pigeonhole.api.Api;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Origins;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.SignIn;
import io.pigeonhole.config.Outputs;
import io.pigeonhole.config.Settings;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.label.Corrections;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.S3ModelStore;
import io.pigeonhole.page.Page;
import io.pigeonhole.pigeonholes.CorrectLabel;
import io.pigeonhole.pigeonholes.CountLabels;
import io.pigeonhole.pigeonholes.GetResult;
import io.pigeonhole.pigeonholes.ImageKeys;
import io.pigeonhole.pigeonholes.ImageResults;
import io.pigeonhole.pigeonholes.Links;
import io.pigeonhole.pigeonholes.ListImages;
import io.pigeonhole.pigeonholes.Listing;
import io.pigeonhole.pigeonholes.NewUpload;
import io.pigeonhole.pigeonholes.SideBySide;
import io.pigeonhole.pigeonholes.StoredObjects;
import io.pigeonhole.train.Bases;
import io.pigeonhole.train.ListBases;
import io.pigeonhole.train.TrainingOperations;
import io.pigeonhole.versions.GetReport;
import io.pigeonhole.versions.ListVersions;
import io.pigeonhole.versions.PromoteVersion;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Makes the parts of the classify function: here are its operations. */
@Singleton
final class ClassifyWiring {
  private static final long MAX_RESULT_BYTES = 1 << 20;

  @Produces
  @Singleton
  Api api(
      S3Client s3,
      S3Presigner presigner,
      ModelRepository repository,
      ModelInService models,
      ImageDecoder decoder,
      Settings settings) {
    List<Operation> operations =
        operations(
            s3,
            presigner,
            repository,
            models,
            decoder,
            Buckets.of(settings),
            trainings(s3, settings),
            settings.signIn());
    return api(operations, new Origins(settings.corsOrigins()), settings.access());
  }

  /** An API of these operations, which describes itself as well. */
  static Api api(List<Operation> operations, Origins origins, Access access) {
    List<Operation> all = new ArrayList<>(operations);
    all.add(new Description(all, access).operation());
    return new Api(all, origins, access);
  }

  private static List<Operation> trainings(S3Client s3, Settings settings) {
    Bases bases = new Bases(new S3ModelStore(s3, settings.modelsBucket()), settings.trainBases());
    List<Operation> operations =
        new ArrayList<>(TrainingOperations.elsewhere(settings.trainRecipes()));
    operations.add(new ListBases(bases).operation());
    return operations;
  }

  /** Where images and results are, what is written of an image, and how large it may be. */
  record Buckets(
      String images, ImageKeys keys, String results, Outputs outputs, long maxImageBytes) {
    static Buckets of(Settings settings) {
      return new Buckets(
          settings.imagesBucket(),
          new ImageKeys(settings.imagesPrefix()),
          settings.resultsBucket(),
          settings.outputs(),
          settings.imageLimits().maxBytes());
    }
  }

  static List<Operation> operations(
      S3Client s3,
      S3Presigner presigner,
      ModelRepository repository,
      ModelInService models,
      ImageDecoder decoder,
      Buckets buckets,
      List<Operation> trainings,
      SignIn signIn) {
    Clock clock = Clock.systemUTC();
    ImageKeys keys = buckets.keys();
    Links links = new Links(presigner, buckets.images(), clock);
    ImageResults results =
        new ImageResults(new StoredObjects(s3, buckets.results(), MAX_RESULT_BYTES), links);
    StoredObjects images = new StoredObjects(s3, buckets.images(), buckets.maxImageBytes());
    Corrections corrections = new Corrections(s3, buckets.results(), buckets.outputs(), clock);
    Listing listing = new Listing(s3, buckets.results(), keys);
    SideBySide sideBySide = new SideBySide();

    List<Operation> operations = new ArrayList<>();
    operations.add(new ClassifyImage(models, decoder, images, keys).operation());
    operations.add(new NewUpload(links, keys, buckets.maxImageBytes(), clock).operation());
    List<Operation> ofResults =
        List.of(
            new GetResult(results, keys).operation(),
            new CorrectLabel(corrections, results, keys).operation());
    List<Operation> ofIndex = new ArrayList<>();
    ofIndex.add(
        new CountLabels(listing, new ClassesInService(repository, models), sideBySide).operation());
    ofIndex.addAll(new ListImages(listing, results, sideBySide).operations());
    Outputs outputs = buckets.outputs();
    operations.addAll(outputs.result() ? ofResults : unwritten(ofResults, "result"));
    operations.addAll(outputs.index() ? ofIndex : unwritten(ofIndex, "index"));
    operations.add(new ListVersions(repository, models).operation());
    operations.add(PromoteVersion.elsewhere());
    operations.add(new GetReport(repository).operation());
    operations.addAll(trainings);
    operations.addAll(new Page(links.origin(), signIn).operations());
    return operations;
  }

  /** Operations that have nothing to read. */
  private static List<Operation> unwritten(List<Operation> operations, String output) {
    return operations.stream()
        .map(
            operation ->
                operation.by(
                    request -> {
                      throw Problem.conflict(
                              "no-" + output,
                              "this needs what is not written here: PIGEONHOLE_OUTPUTS is without "
                                  + output)
                          .exception();
                    }))
        .toList();
  }
}
