package io.pigeonhole.local;

import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits until both functions work, and have their model loaded, so that the first image of the user
 * is as fast as all that follow.
 */
final class WarmUp {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** 32 x 32 pixels of grey, as PNG. */
  private static final byte[] IMAGE =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mNoIAAYRhWMKhhVMFIVAABCAAAfN5c2AAAAAABJRU5ErkJggg==");

  private final URI api;
  private final LambdaFunction label;
  private final LambdaFunction classify;

  WarmUp(URI api, LambdaFunction label, LambdaFunction classify) {
    this.api = api;
    this.label = label;
    this.classify = classify;
  }

  /**
   * Returns when both have answered.
   *
   * @throws StartException when one does not start, or what it answers is not a success
   */
  void run() throws StartException, InterruptedException {
    CompletableFuture<Outcome> noImages =
        label.invoke("{\"Records\":[]}".getBytes(StandardCharsets.UTF_8));
    awaitClassify();
    Outcome outcome = await(noImages, label);
    if (outcome instanceof Outcome.Failed failure) {
      throw new StartException("the function label does not work: " + failure);
    }
  }

  private void awaitClassify() throws StartException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve("/classify"))
            .timeout(PATIENCE)
            .header("Content-Type", "image/png")
            .POST(HttpRequest.BodyPublishers.ofByteArray(IMAGE))
            .build();
    long end = System.nanoTime() + PATIENCE.toNanos();
    String answer;
    do {
      HttpResponse<String> response = await(send(request), classify);
      if (response.statusCode() == 200) {
        return;
      }
      answer = response.statusCode() + " " + response.body();
      // 503 while it starts: the gateway waits for less time than a slow machine may need
    } while (answer.startsWith("503") && System.nanoTime() < end);
    throw new StartException("the function classify does not work: it answers " + answer);
  }

  private static CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
    return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The result, unless the function is given up before. */
  private static <T> T await(CompletableFuture<T> result, LambdaFunction function)
      throws StartException, InterruptedException {
    try {
      CompletableFuture.anyOf(result, function.givenUp())
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (result.isDone()) {
        return result.get();
      }
      throw new StartException(function.givenUp().get());
    } catch (ExecutionException e) {
      throw new StartException(String.valueOf(e.getCause().getMessage()), e);
    } catch (TimeoutException e) {
      throw new StartException(
          "the functions do not answer within " + PATIENCE.toSeconds() + " s", e);
    }
  }
}
