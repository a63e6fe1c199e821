package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.Processor;
import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.Precision;

/** What a training runs on. */
final class Device {

  private Device() {}

  /** What it is, for people. */
  static String description(Precision precision) {
    int gpus = Gpus.count();
    return "%d × %s, %s%s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            Processor.ofThisMachine().name(),
            gpus == 0 ? "" : gpus + " × GPU, ",
            precision);
  }
}
