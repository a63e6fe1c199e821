package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program in a process of its own, with the options that Maven starts it with. */
final class ProductProcess {
  private ProductProcess() {}

  /**
   * Starts it on free ports, unless the properties name others.
   *
   * @param prefix before the command, so that another program starts it
   */
  static Process start(List<String> prefix, String... properties) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of("-Dlocal.s3.port=0", "-Dlocal.api.port=0"));
    command.add("-Dlocal.functions=" + System.getProperty("local.functions"));
    command.add("-Dlocal.models=" + System.getProperty("local.models"));
    command.addAll(List.of(properties));
    command.add(Main.class.getName());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Reads what it says up to the end of the banner. */
  static List<String> awaitReady(Process product) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(product.getInputStream(), UTF_8));
    List<String> seen = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      seen.add(line);
      if (line.startsWith("Ctrl-C")) {
        drain(lines);
        return seen;
      }
    }
    throw new AssertionError("it ended before it was ready: " + seen);
  }

  private static void drain(BufferedReader lines) {
    Thread thread =
        new Thread(
            () -> {
              try {
                lines.transferTo(Writer.nullWriter());
              } catch (IOException e) {
                // It has ended
              }
            },
            "drain");
    thread.setDaemon(true);
    thread.start();
  }
}
