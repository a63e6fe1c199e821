package io.pigeonhole.local;

import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

  /** 32 x 32 pixels of grey, as PNG; signed, for whoever asks the API may have to sign in. */
  private static final byte[] REQUEST =
      """
      {"version": "2.0", "rawPath": "/classify", "headers": {"content-type": "image/png"},
       "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {}}},
       "isBase64Encoded": true, "body": "%s"}
      """
          .formatted(
              "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mNoIAAYRhWMKhhVMFIVAABCAAAfN5c2AAAAAABJRU5ErkJggg==")
          .getBytes(StandardCharsets.UTF_8);

  private final LambdaFunction label;
  private final LambdaFunction classify;

  WarmUp(LambdaFunction label, LambdaFunction classify) {
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
    long end = System.nanoTime() + PATIENCE.toNanos();
    String answer;
    do {
      Outcome outcome = await(classify.invoke(REQUEST), classify);
      answer =
          outcome instanceof Outcome.Responded responded
              ? new String(responded.payload(), StandardCharsets.UTF_8)
              : outcome.toString();
      if (answer.startsWith("{\"statusCode\":200,")) {
        return;
      }
      // 503 while the model cannot be had
    } while (answer.startsWith("{\"statusCode\":503,") && System.nanoTime() < end);
    throw new StartException("the function classify does not work: it answers " + answer);
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
