package io.pigeonhole.local;

import io.pigeonhole.local.lambda.FunctionCommand;
import io.pigeonhole.local.lambda.LambdaFunction;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The functions as they run here: the packaged application, started once for each handler. */
final class Functions {
  static final Duration LABEL_TIMEOUT = Duration.ofSeconds(60);
  static final Duration CLASSIFY_TIMEOUT = Duration.ofSeconds(30);

  private static final int MEMORY_MEGABYTES = 2048;

  /**
   * C1 and the serial collector start fastest; a function is too short-lived for more. Photos on
   * their way fit into a young generation that is half of the heap, and are not collected twice.
   */
  static final List<String> JVM_OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:NewRatio=1");

  private final Path functions;
  private final Path folder;
  private final String model;
  private final SignIn signIn;
  private final Consumer<String> output;

  /** The functions, where nobody has to sign in. */
  Functions(Path functions, String model, Consumer<String> output) throws StartException {
    this(functions, model, SignIn.NONE, output);
  }

  /**
   * The functions, as {@link FunctionCommand#of} takes them.
   *
   * @param model which of the models bucket's models serves
   * @param signIn what they are told of who may do what
   * @throws StartException when they are not there
   */
  Functions(Path functions, String model, SignIn signIn, Consumer<String> output)
      throws StartException {
    this.functions = functions;
    this.model = model;
    this.signIn = signIn;
    this.output = output;
    FunctionCommand command = command(List.of());
    folder = command.folder();
    if (!command.problem().isEmpty()) {
      throw new StartException(command.problem());
    }
  }

  /** How a process of them is started. */
  FunctionCommand command(List<String> properties) {
    return FunctionCommand.of(functions, JVM_OPTIONS, properties);
  }

  /** The one that labels; it may write to {@code temporary}. */
  LambdaFunction label(URI s3, Path temporary) {
    return function("label", s3, temporary, LABEL_TIMEOUT);
  }

  /** The one behind the API; it may write to {@code temporary}. */
  LambdaFunction classify(URI s3, Path temporary) {
    return function("classify", s3, temporary, CLASSIFY_TIMEOUT);
  }

  /** The one for what was there before; it may write to {@code temporary}. */
  LambdaFunction backfill(URI s3, Path temporary) {
    return function("backfill", s3, temporary, LABEL_TIMEOUT);
  }

  /** The one that puts models into service; it may write to {@code temporary}. */
  LambdaFunction promote(URI s3, Path temporary) {
    return function("promote", s3, temporary, CLASSIFY_TIMEOUT);
  }

  /**
   * The one that starts trainings; it may write to {@code temporary}.
   *
   * @param batch what it is to take for AWS Batch
   */
  LambdaFunction train(URI s3, URI batch, Path temporary) {
    Map<String, String> environment = environment("train", s3);
    environment.put("AWS_ENDPOINT_URL_BATCH", batch.toString());
    environment.put("PIGEONHOLE_DATASET_BUCKET", Buckets.DATASET);
    environment.put("PIGEONHOLE_TRAIN_JOB_QUEUE", "local");
    environment.put("PIGEONHOLE_TRAIN_JOB_DEFINITION", "trainer");
    return function("train", environment, temporary, CLASSIFY_TIMEOUT);
  }

  private LambdaFunction function(String handler, URI s3, Path temporary, Duration timeout) {
    return function(handler, environment(handler, s3), temporary, timeout);
  }

  /** One that is told something else than {@link #environment}. */
  LambdaFunction function(
      String handler, Map<String, String> environment, Path temporary, Duration timeout) {
    FunctionCommand command = command(List.of("-Djava.io.tmpdir=" + temporary));
    return new LambdaFunction(
        new LambdaFunction.Definition(
            handler, command.words(), environment, command.folder(), timeout, MEMORY_MEGABYTES),
        output);
  }

  /** What makes the trainer's AWS SDK a client of the S3 server here. */
  static Map<String, String> clientOf(URI s3) {
    return Map.of(
        "AWS_ENDPOINT_URL_S3",
        s3.toString(),
        "AWS_REGION",
        "us-east-1",
        "AWS_ACCESS_KEY_ID",
        "trainer",
        "AWS_SECRET_ACCESS_KEY",
        "local",
        "TF_CPP_MIN_LOG_LEVEL",
        "2");
  }

  /** What a function is told. */
  Map<String, String> environment(String handler, URI s3) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("QUARKUS_LAMBDA_HANDLER", handler);
    environment.put("QUARKUS_S3_ENDPOINT_OVERRIDE", s3.toString());
    environment.put("QUARKUS_S3_PATH_STYLE_ACCESS", "true");
    environment.put("AWS_REGION", "us-east-1");
    // Of this name, so that S3's log tells who asked
    environment.put("AWS_ACCESS_KEY_ID", handler);
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("PIGEONHOLE_IMAGES_BUCKET", Buckets.IMAGES);
    environment.put("PIGEONHOLE_RESULTS_BUCKET", Buckets.RESULTS);
    environment.put("PIGEONHOLE_MODELS_BUCKET", Buckets.MODELS);
    environment.put("PIGEONHOLE_MODEL_NAME", model);
    environment.put("PIGEONHOLE_MODEL_REFRESH", "PT0.5S");
    environment.putAll(signIn.variables());
    environment.put("TENSORFLOW_LIBRARY_PATH", folder.resolve("tensorflow").toString());
    environment.put("OPT_OUT_TRACKING", "true");
    // Lines for a person at a terminal, and nothing for CloudWatch
    environment.put("PIGEONHOLE_LOG_JSON", "false");
    environment.put("POWERTOOLS_METRICS_DISABLED", "true");
    // From errors on
    environment.put("TF_CPP_MIN_LOG_LEVEL", "2");
    return environment;
  }
}
