package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One of the packaged functions as a process: events reach it from tests, and from nowhere else.
 */
final class LoneFunction implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final LambdaFunction function;

  /** Starts it, as the product would. */
  LoneFunction(String handler, URI s3, Path data)
      throws IOException, InterruptedException, StartException {
    this(handler, s3, data, environment -> {}, System.out::println);
  }

  /**
   * Starts it.
   *
   * @param data it may write below this folder
   * @param told changes what it is told
   * @param output takes the lines that it writes
   */
  LoneFunction(
      String handler,
      URI s3,
      Path data,
      Consumer<Map<String, String>> told,
      Consumer<String> output)
      throws IOException, InterruptedException, StartException {
    Settings settings = RunningProduct.settings(data);
    Functions functions = new Functions(settings.functions(), settings.model(), output);
    Map<String, String> environment = functions.environment(handler, s3);
    told.accept(environment);
    function =
        functions.function(
            handler,
            environment,
            Files.createDirectories(data.resolve("tmp")),
            Functions.LABEL_TIMEOUT);
    function.start();
  }

  /** Puts the bundled model into a models bucket. */
  static void serve(URI s3) throws IOException, InterruptedException {
    new BundledModels(RunningProduct.settings(Path.of("")).bundledModels())
        .copyTo(s3, Buckets.MODELS);
  }

  /** Its process. */
  LambdaFunction process() {
    return function;
  }

  Outcome invoke(byte[] event) throws InterruptedException {
    try {
      return function.invoke(event).get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** What it hands to whoever has sent an event. */
  JsonNode answer(byte[] event) throws InterruptedException {
    Outcome outcome = invoke(event);
    assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Responded.class);
    return JSON.readTree(((Outcome.Responded) outcome).payload());
  }

  JsonNode answer(JsonNode event) throws InterruptedException {
    return answer(JSON.writeValueAsBytes(event));
  }

  @Override
  public void close() {
    function.close();
  }
}
