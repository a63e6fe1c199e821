package io.pigeonhole.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;

/** Adds up how long the stages of images took, on any thread. */
public final class Stopwatch {
  private static final double NANOS_A_MILLI = 1e6;

  private record Time(LongAdder images, LongAdder nanos) {}

  private final Map<Stage, Time> times = new EnumMap<>(Stage.class);

  /** Nothing is measured yet. */
  public Stopwatch() {
    for (Stage stage : Stage.values()) {
      times.put(stage, new Time(new LongAdder(), new LongAdder()));
    }
  }

  /** Does something for one image. */
  public <T> T time(Stage stage, Callable<T> work) throws Exception {
    long start = System.nanoTime();
    try {
      return work.call();
    } finally {
      add(stage, 1, System.nanoTime() - start);
    }
  }

  /** Adds what was done for a number of images at once. */
  public void add(Stage stage, int images, long nanos) {
    times.get(stage).images().add(images);
    times.get(stage).nanos().add(nanos);
  }

  /** The mean milliseconds an image, of the stages that there were since the last call. */
  Map<Stage, Double> drain() {
    Map<Stage, Double> means = new EnumMap<>(Stage.class);
    times.forEach(
        (stage, time) -> {
          long images = time.images().sumThenReset();
          long nanos = time.nanos().sumThenReset();
          if (images > 0) {
            means.put(stage, nanos / NANOS_A_MILLI / images);
          }
        });
    return means;
  }
}
