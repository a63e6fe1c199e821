package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.model.S3ModelStore;
import io.pigeonhole.model.WholeResponse;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** How a models bucket is reached, and which model in it is meant. */
public final class BucketOptions {

  private static final String DEFAULT_NAME = "cifar10";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the model in the bucket (default: " + DEFAULT_NAME + ").")
  private Optional<String> name;

  @Option(
      names = "--s3-path-style",
      description = {
        "Address buckets as http://host/bucket, as S3 servers other than AWS want it. Implied by an"
            + " endpoint in AWS_ENDPOINT_URL_S3. Region and credentials come from where the AWS CLI"
            + " takes them."
      })
  private boolean pathStyle;

  /** Of the model. */
  public String name() {
    return name.orElse(DEFAULT_NAME);
  }

  /** Whether the model is named on the command line. */
  boolean isNamed() {
    return name.isPresent();
  }

  /** Whether the command line has one of them. */
  public boolean areGiven() {
    return isNamed() || pathStyle;
  }

  /** Whether a text means S3. */
  static boolean isS3(String place) {
    return BucketPrefix.isOne(place);
  }

  /**
   * The versions of the named model.
   *
   * @param place a folder or {@code s3://bucket[/prefix]}
   */
  public ModelRepository repository(String place) {
    return repository(place, name());
  }

  /** The versions of a model. */
  ModelRepository repository(String place, String model) {
    return new ModelRepository(store(place), model);
  }

  /** The objects of a folder or bucket. */
  ModelStore store(String place) {
    if (!isS3(place)) {
      return new FolderModelStore(Path.of(place));
    }
    BucketPrefix part = BucketPrefix.of(place);
    return new S3ModelStore(client(), part.bucket(), part.prefix());
  }

  /** S3, as the options and the environment say it is reached. */
  S3Client client() {
    Optional<URI> endpoint = endpoint();
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(o -> o.addExecutionInterceptor(new WholeResponse()))
            .forcePathStyle(pathStyle || endpoint.isPresent());
    endpoint.ifPresent(builder::endpointOverride);
    return builder.region(region(endpoint.isPresent())).build();
  }

  private static Optional<URI> endpoint() {
    return Stream.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
        .map(variable -> System.getProperty(variable, System.getenv(variable)))
        .filter(value -> value != null && !value.isBlank())
        .findFirst()
        .map(URI::create);
  }

  /** A server of one's own seldom cares for the region, but a request has to name one. */
  private static Region region(boolean ownServer) {
    try {
      return new DefaultAwsRegionProviderChain().getRegion();
    } catch (SdkClientException e) {
      if (ownServer) {
        return Region.US_EAST_1;
      }
      throw new IllegalArgumentException(
          "no AWS region is set: set AWS_REGION, or AWS_ENDPOINT_URL_S3 for another server", e);
    }
  }
}
