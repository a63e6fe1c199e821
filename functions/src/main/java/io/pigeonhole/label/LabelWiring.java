package io.pigeonhole.label;

import io.pigeonhole.aws.NativeHttpClient;
import io.pigeonhole.config.Settings;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.metrics.Stopwatch;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Makes the parts of the label function. */
@Singleton
final class LabelWiring {
  /** Requests to S3 at a time: they wait, so more than there are cores. */
  private static final int WORKERS = 32;

  /**
   * The part of the heap that images being read may take, beside the 4 MiB of each worker's that
   * the SDK reads ahead; decoding takes the rest.
   */
  private static final int HEAP_PART = 8;

  @Produces
  @Singleton
  Labeling labeling(
      S3Client s3,
      ModelInService models,
      ImageDecoder decoder,
      Stopwatch stopwatch,
      Settings settings) {
    Clock clock = Clock.systemUTC();
    Filing filing = new Filing(s3, settings.resultsBucket(), settings.outputs());
    Preparation preparation =
        new Preparation(
            filing,
            new Download(s3, settings.imageLimits().maxBytes()),
            new BytesInFlight(Runtime.getRuntime().maxMemory() / HEAP_PART),
            stopwatch,
            clock);
    return new Labeling(models, preparation, decoder, filing, workers(), stopwatch, clock);
  }

  @Produces
  @Singleton
  Redelivery redelivery(Settings settings) {
    return new Redelivery(
        settings.labelQueue(),
        () -> SqsClient.builder().httpClientBuilder(NativeHttpClient.builder()).build());
  }

  private static ExecutorService workers() {
    AtomicInteger count = new AtomicInteger();
    return Executors.newFixedThreadPool(
        WORKERS,
        task -> {
          Thread thread = new Thread(task, "label-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
