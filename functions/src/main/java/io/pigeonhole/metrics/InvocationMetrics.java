package io.pigeonhole.metrics;

import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.model.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.MetricsBuilder;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;

/**
 * Tells CloudWatch of an invocation when it is done: dimension {@code Service}, which is the
 * handler. One invocation at a time, as Lambda has it. The environment variable {@code
 * POWERTOOLS_METRICS_DISABLED=true} turns it off.
 */
public final class InvocationMetrics {
  private final Metrics metrics;
  private final ModelInService models;
  private final Stopwatch stopwatch;
  private final Clock clock;
  private ModelInService.Counts before = new ModelInService.Counts(0, 0, 0);
  private boolean cold = true;

  /**
   * Tells of one handler.
   *
   * @param namespace that the metrics are kept under
   * @param stopwatch of the stages, emptied with each invocation
   */
  public InvocationMetrics(
      String namespace, String handler, ModelInService models, Stopwatch stopwatch, Clock clock) {
    this.metrics = MetricsBuilder.builder().withNamespace(namespace).withService(handler).build();
    this.models = models;
    this.stopwatch = stopwatch;
    this.clock = clock;
  }

  /**
   * Writes the line of an invocation.
   *
   * @param counts of what it has done, by name: {@code Labeled}, {@code Review}, {@code
   *     Error-corrupt}, …
   * @param requestId to find its log lines by
   */
  public synchronized void write(Map<String, Integer> counts, String requestId) {
    counts.forEach((name, count) -> metrics.addMetric(name, count, MetricUnit.COUNT));
    metrics.addMetric("ColdStart", cold ? 1 : 0, MetricUnit.COUNT);
    cold = false;
    stopwatch
        .drain()
        .forEach(
            (stage, millis) -> metrics.addMetric(stage.metric(), millis, MetricUnit.MILLISECONDS));
    addModel();
    metrics.addMetadata("requestId", requestId);
    metrics.flush();
  }

  private void addModel() {
    ModelInService.Counts now = models.counts();
    metrics.addMetric("ModelLoaded", (double) (now.loaded() - before.loaded()), MetricUnit.COUNT);
    metrics.addMetric(
        "ModelRefused", (double) (now.refused() - before.refused()), MetricUnit.COUNT);
    metrics.addMetric(
        "ModelUnreachable", (double) (now.failed() - before.failed()), MetricUnit.COUNT);
    before = now;
    Optional<Manifest> manifest = models.manifest();
    if (manifest.isPresent()) {
      Duration age = Duration.between(manifest.get().createdAt(), clock.instant());
      metrics.addMetric("ModelAge", (double) age.toSeconds(), MetricUnit.SECONDS);
      metrics.addMetadata("model", manifest.get().name() + "/" + manifest.get().version().value());
    }
  }
}
