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
    T read(DataInputStream in) throws IOException;
  }

  /**
   * Asks for a file's header or pixels.
   *
   * @throws UndecodableImageException also if the process breaks down or takes a minute
   */
  static <T> T ask(FileBytes file, int maxSide, boolean pixels, Answer<T> answer)
      throws UndecodableImageException {
    HeifProcess kept = IDLE.pollFirst();
    if (kept != null) {
      try {
        return kept.answer(file, maxSide, pixels, answer);
      } catch (IOException e) {
        // it may have ended before; a new one shows whether it is the file
        kept.process.destroyForcibly();
      }
    }
    HeifProcess started = start(file);
    try {
      return started.answer(file, maxSide, pixels, answer);
    } catch (IOException e) {
      started.process.destroyForcibly();
      throw file.corrupt("libheif broke down over it, or took more than %d s", SECONDS);
    }
  }

  private <T> T answer(FileBytes file, int maxSide, boolean pixels, Answer<T> answer)
      throws IOException, UndecodableImageException {
    Future<?> limit = WATCH.schedule(process::destroyForcibly, SECONDS, TimeUnit.SECONDS);
    send(file, maxSide, pixels);
    String error = in.readUTF();
    String message = error.isEmpty() ? "" : in.readUTF();
    T read = error.isEmpty() ? answer.read(in) : null;
    if (limit.cancel(false)) {
      IDLE.addFirst(this);
    }
    if (!error.isEmpty()) {
      throw new UndecodableImageException(ImageError.valueOf(error), message);
    }
    return read;
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
