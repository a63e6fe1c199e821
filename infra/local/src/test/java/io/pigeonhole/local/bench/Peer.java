package io.pigeonhole.local.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Does something as often as it is told on a line of input, and answers how long it took. */
final class Peer {
  private Peer() {}

  /** What is measured. */
  @FunctionalInterface
  interface Work {
    void once() throws Exception;
  }

  /** Answers each number with the median of the milliseconds and the CPU milliseconds of one. */
  static void serve(Work work) throws Exception {
    serveMany(
        n -> {
          double[] millis = new double[n];
          for (int i = 0; i < n; i++) {
            long start = System.nanoTime();
            work.once();
            millis[i] = (System.nanoTime() - start) / 1e6;
          }
          Arrays.sort(millis);
          return millis[n / 2];
        });
  }

  /** What is measured as a whole. */
  @FunctionalInterface
  interface ManyWorks {
    /** Returns the milliseconds that one took. */
    double times(int n) throws Exception;
  }

  /** Answers each number with the milliseconds and the CPU milliseconds of one. */
  static void serveMany(ManyWorks work) throws Exception {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = read(in); !line.isEmpty(); line = read(in)) {
      int n = Integer.parseInt(line);
      long cpu = process.getProcessCpuTime();
      double millis = work.times(n);
      double cpuMillis = (process.getProcessCpuTime() - cpu) / 1e6 / n;
      System.out.printf(Locale.ROOT, "measured %f %f%n", millis, cpuMillis);
    }
    Runtime.getRuntime().halt(0);
  }

  private static String read(BufferedReader in) throws IOException {
    String line = in.readLine();
    return line == null ? "" : line;
  }
}
