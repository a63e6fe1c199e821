package io.pigeonhole.trainer.network;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import java.util.OptionalInt;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.ConfigProto;

/** GPUs that TensorFlow computes on. */
public final class Gpus {

  private static OptionalInt known = OptionalInt.empty();

  private Gpus() {}

  /** How many there are: none without TensorFlow's GPU library, or a driver. */
  public static int count() {
    return count(0);
  }

  /**
   * How many there are, asked once in a process: it takes a session, and the first session of a
   * process decides how many threads share an operation in all of them.
   *
   * @param threads that share an operation, if this is the first session; 0 for one a processor
   */
  public static synchronized int count(int threads) {
    if (known.isEmpty()) {
      known = OptionalInt.of(asked(threads));
    }
    return known.getAsInt();
  }

  /** For a session that computes on processors only, as the functions do. */
  public static ConfigProto none() {
    return ConfigProto.newBuilder().putDeviceCount("GPU", 0).build();
  }

  private static int asked(int threads) {
    byte[] config =
        ConfigProto.newBuilder().setIntraOpParallelismThreads(threads).build().toByteArray();
    try (TF_Graph graph = TF_Graph.newGraph();
        TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
        TF_Status status = TF_Status.newStatus()) {
      TF_SetConfig(options, new BytePointer(config), config.length, status);
      status.throwExceptionIfNotOK();
      return count(graph, options, status);
    }
  }

  private static int count(TF_Graph graph, TF_SessionOptions options, TF_Status status) {
    try (TF_Session session = TF_Session.newSession(graph, options, status)) {
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
}
