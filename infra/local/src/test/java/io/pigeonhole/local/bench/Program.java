package io.pigeonhole.local.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that is measured. */
public abstract class Program implements AutoCloseable {
  private final ProcessHandle process;

  protected Program(ProcessHandle process) {
    this.process = process;
  }

  /**
   * What one call took.
   *
   * @param millis from its beginning to its end
   * @param cpuMillis of all its threads
   * @param s3CpuMillis of the process that measures, which has the S3 server
   */
  public record Measured(double millis, double cpuMillis, double s3CpuMillis) {}

  /** Does it so often. */
  public abstract Measured measure(int count) throws IOException, InterruptedException;

  /** The most memory that the process had at a time. */
  public final long peakMegabytes() throws IOException {
    return megabytes("VmHWM");
  }

  /** The memory that the process has now. */
  public final long residentMegabytes() throws IOException {
    return megabytes("VmRSS");
  }

  private long megabytes(String figure) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith(figure))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /** The time that all its threads have computed. */
  public final double cpuMillis() {
    return cpuMillis(process);
  }

  /** That of the process that measures. */
  protected static double ownCpuMillis() {
    return cpuMillis(ProcessHandle.current());
  }

  private static double cpuMillis(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
  }

  /** Ends it, if it was started for the benchmark. */
  @Override
  public void close() throws IOException {}

  /** Starts a program that is told on its input how often, see {@code Peer}. */
  public static Program start(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    BufferedReader out = process.inputReader();
    Writer in = process.outputWriter();
    return new Program(process.toHandle()) {
      @Override
      public Measured measure(int count) throws IOException {
        double own = ownCpuMillis();
        in.write(count + "\n");
        in.flush();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          String[] words = line.split(" ", -1);
          if (words[0].equals("measured")) {
            return new Measured(
                Double.parseDouble(words[1]),
                Double.parseDouble(words[2]),
                (ownCpuMillis() - own) / count);
          }
        }
        throw new IOException("it has ended: " + String.join(" ", command));
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }
}
