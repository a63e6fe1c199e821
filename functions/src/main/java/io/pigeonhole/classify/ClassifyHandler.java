package io.pigeonhole.classify;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Api;
import io.pigeonhole.metrics.InvocationMetrics;
import io.pigeonhole.metrics.Stage;
import io.pigeonhole.metrics.Stopwatch;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * The function {@code classify}: the API, behind API Gateway, a function URL or a load balancer.
 */
@Singleton
@Named("classify")
public final class ClassifyHandler implements RequestStreamHandler {
  private final Api api;
  private final InvocationMetrics metrics;
  private final Stopwatch stopwatch;

  ClassifyHandler(Api api, InvocationMetrics metrics, Stopwatch stopwatch) {
    this.api = api;
    this.metrics = metrics;
    this.stopwatch = stopwatch;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    long start = System.nanoTime();
    Answer answer = api.answer(in, out, context.getAwsRequestId());
    stopwatch.add(Stage.REQUEST, 1, System.nanoTime() - start);
    String status = "Status-%dxx".formatted(answer.status() / 100);
    metrics.write(Map.of("Requests", 1, status, 1), context.getAwsRequestId());
  }
}
