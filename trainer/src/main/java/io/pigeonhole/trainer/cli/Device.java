package io.pigeonhole.trainer.cli;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;

import io.pigeonhole.trainer.network.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;

/** What a training runs on. */
final class Device {

  private static final Path CPU = Path.of("/proc/cpuinfo");

  private Device() {}

  /** GPUs that TensorFlow computes on: none without its GPU library, or a driver. */
  static int gpus() {
    try (TF_Graph graph = TF_Graph.newGraph();
        TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
        TF_Status status = TF_Status.newStatus();
        TF_Session session = TF_Session.newSession(graph, options, status)) {
      status.throwExceptionIfNotOK();
      TF_DeviceList devices = TF_SessionListDevices(session, status);
      int gpus = 0;
      for (int i = 0; i < TF_DeviceListCount(devices); i++) {
        gpus += TF_DeviceListType(devices, i, status).getString().equals("GPU") ? 1 : 0;
      }
      TF_DeleteDeviceList(devices);
      return gpus;
    }
  }

  /** What it is, for people. */
  static String description(Precision precision) {
    int gpus = gpus();
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
