package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a training runs on. */
final class Device {

  private static final Path CPU = Path.of("/proc/cpuinfo");

  private Device() {}

  /** What it is, for people. */
  static String description(Precision precision) {
    int gpus = Gpus.count();
    return "%d × %s, %s%s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            processor(),
            gpus == 0 ? "" : gpus + " × GPU, ",
            precision);
  }

  private static String processor() {
    try {
      return Files.readString(CPU, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException notLinux) {
      return System.getProperty("os.arch");
    }
  }
}
