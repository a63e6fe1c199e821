package io.pigeonhole.inference;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import io.pigeonhole.config.InvalidSettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * TensorFlow's native library, started once in a process, from the folder that the environment
 * variable {@code TENSORFLOW_LIBRARY_PATH} names: nothing is unpacked or downloaded.
 *
 * <p>Whatever uses TensorFlow, DJL or not, waits for {@link #await} first: it is DJL that tells
 * JavaCPP where the library is.
 */
public final class TensorFlowEngine {
  /** The name by which DJL knows it. */
  static final String NAME = "TensorFlow";

  private static final Set<String> OFF = Set.of("0", "false");
  private static final String LIBRARY = "TENSORFLOW_LIBRARY_PATH";
  private static final String INTRA_OP = "ai.djl.tensorflow.num_intraop_threads";
  private static final String INTER_OP = "ai.djl.tensorflow.num_interop_threads";

  /** What it consists of; each needs those before it. */
  private static final List<String> PARTS =
      System.mapLibraryName("").endsWith(".dylib")
          ? List.of(
              "libtensorflow_framework.2.dylib",
              "libtensorflow_cc.2.dylib",
              "libjnitensorflow.dylib")
          : List.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2", "libjnitensorflow.so");

  private CompletableFuture<Engine> started = new CompletableFuture<>();
  private boolean asked;

  /**
   * Begins to load the library in the background.
   *
   * @throws InvalidSettingException if the library is not where the environment says
   */
  public synchronized void start() {
    if (asked) {
      return;
    }
    requireLibrary();
    asked = true;
    started = new CompletableFuture<>();
    Thread thread = new Thread(() -> load(started), "tensorflow-start");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns when the library is there. */
  public void await() {
    start();
    started.join();
  }

  /** Whether it may compute with oneDNN. */
  static boolean hasOneDnn() {
    return !OFF.contains(
        System.getenv().getOrDefault("TF_ENABLE_ONEDNN_OPTS", "").toLowerCase(Locale.ROOT));
  }

  /** How its threads are set; the system properties that DJL has for them go before. */
  static Threads threads() {
    Threads usual = Threads.of(hasOneDnn(), Runtime.getRuntime().availableProcessors());
    return new Threads(
        Integer.getInteger(INTRA_OP, usual.intraOp()),
        Integer.getInteger(INTER_OP, usual.interOp()));
  }

  private static void load(CompletableFuture<Engine> started) {
    try {
      setUnlessSet("OPT_OUT_TRACKING", "true");
      setUnlessSet("ai.djl.offline", "true");
      // DJL looks for GPUs with JNA, which would unpack a library; without it, there is none.
      setUnlessSet("jna.noclasspath", "true");
      Threads threads = threads();
      setUnlessSet(INTRA_OP, Integer.toString(threads.intraOp()));
      setUnlessSet(INTER_OP, Integer.toString(threads.interOp()));
      loadParts();
      started.complete(Engine.getEngine(NAME));
    } catch (Throwable e) {
      started.completeExceptionally(e);
    }
  }

  /** JavaCPP would look for each in hundreds of places first. */
  private static void loadParts() {
    setUnlessSet("org.bytedeco.javacpp.loadLibraries", "false");
    Path folder = Path.of(Utils.getEnvOrSystemProperty(LIBRARY)).toAbsolutePath();
    PARTS.forEach(part -> System.load(folder.resolve(part).toString()));
  }

  private static void requireLibrary() {
    String folder = Utils.getEnvOrSystemProperty(LIBRARY);
    String file = PARTS.get(PARTS.size() - 1);
    if (folder == null || folder.isBlank()) {
      throw new InvalidSettingException(
          "the environment variable %s is missing: the folder that has %s"
              .formatted(LIBRARY, file));
    }
    if (!Files.isRegularFile(Path.of(folder, file))) {
      throw new InvalidSettingException(
          "the environment variable %s must name the folder that has %s, and is '%s'"
              .formatted(LIBRARY, file, folder));
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
