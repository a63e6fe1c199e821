package io.pigeonhole.image;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * libheif in processes of their own ({@link HeifWorker}), as many as images are decoded at a time.
 * They are kept for the next image, and end with this process.
 */
final class HeifProcess {
  private static final int SECONDS = 60;
  private static final Deque<HeifProcess> IDLE = new ConcurrentLinkedDeque<>();
  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "heif-watch");
            thread.setDaemon(true);
            return thread;
          });

  private static volatile boolean missing;

  private final Process process;
  private final DataOutputStream out;
  private final DataInputStream in;

  private HeifProcess(Process process) {
    this.process = process;
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
  }

  /** Reads what comes back for a file that could be read. */
  interface Answer<T> {
    T read(DataInputStream in) throws IOException, UndecodableImageException;
  }

  /**
   * Asks for a file's header or pixels.
   *
   * @throws UndecodableImageException also if the process breaks down or takes a minute
   */
  static <T> T ask(FileBytes file, int maxSide, boolean pixels, Answer<T> answer)
      throws UndecodableImageException {
    HeifProcess worker = IDLE.pollFirst();
    if (worker == null) {
      worker = start(file);
    }
    Future<?> limit = WATCH.schedule(worker.process::destroyForcibly, SECONDS, TimeUnit.SECONDS);
    try {
      worker.send(file, maxSide, pixels);
      String error = worker.in.readUTF();
      String message = error.isEmpty() ? "" : worker.in.readUTF();
      T read = error.isEmpty() ? answer.read(worker.in) : null;
      IDLE.addFirst(worker);
      if (!error.isEmpty()) {
        throw new UndecodableImageException(ImageError.valueOf(error), message);
      }
      return read;
    } catch (IOException e) {
      worker.process.destroyForcibly();
      throw file.corrupt("libheif broke down over it, or took more than %d s", SECONDS);
    } finally {
      limit.cancel(false);
    }
  }

  private void send(FileBytes file, int maxSide, boolean pixels) throws IOException {
    out.writeUTF(file.format());
    out.writeInt(maxSide);
    out.writeBoolean(pixels);
    out.writeInt(file.length());
    out.write(file.bytes());
    out.flush();
  }

  private static HeifProcess start(FileBytes file) throws UndecodableImageException {
    if (missing) {
      throw HeifFile.missing(file);
    }
    Path java = Path.of(System.getProperty("java.home", ""), "bin", "java");
    if (!java.toFile().canExecute()) {
      throw file.unsupported("it is decoded by libheif, in a process of Java that is not there");
    }
    try {
      HeifProcess worker = new HeifProcess(command(java).start());
      missing = !worker.in.readBoolean();
      if (missing) {
        throw HeifFile.missing(file);
      }
      return worker;
    } catch (IOException e) {
      throw file.unsupported("the process of libheif does not start: %s", e.getMessage());
    }
  }

  private static ProcessBuilder command(Path java) {
    ProcessBuilder command =
        new ProcessBuilder(
            java.toString(),
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // a break-down is reported by who asked, and leaves nothing behind
            "-XX:ErrorFile=/dev/null",
            "-XX:-CreateCoredumpOnCrash",
            "-cp",
            System.getProperty("java.class.path"),
            HeifWorker.class.getName());
    command.environment().remove("JAVA_TOOL_OPTIONS");
    return command.redirectError(ProcessBuilder.Redirect.DISCARD);
  }
}
