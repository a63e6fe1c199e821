package io.pigeonhole.metrics;

import io.pigeonhole.config.Settings;
import io.pigeonhole.inference.ModelInService;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes what measures the one handler of this process. */
@Singleton
final class MetricsWiring {

  @Produces
  @Singleton
  Stopwatch stopwatch() {
    return new Stopwatch();
  }

  @Produces
  @Singleton
  InvocationMetrics metrics(
      ModelInService models,
      Stopwatch stopwatch,
      Settings settings,
      @ConfigProperty(name = "quarkus.lambda.handler") String handler) {
    return new InvocationMetrics(
        settings.metricsNamespace(), handler, models, stopwatch, Clock.systemUTC());
  }
}
