package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The packaged trainer in a process of its own, and what it says. */
final class TrainerProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final StringBuilder said = new StringBuilder();

  /**
   * Starts the trainer.
   *
   * @param s3 where the S3 server is
   */
  TrainerProcess(URI s3, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(CommandLine.script().toString()));
    command.addAll(arguments);
    ProcessBuilder trainer = new ProcessBuilder(command).redirectErrorStream(true);
    trainer.environment().putAll(CommandLine.environment());
    trainer.environment().put("AWS_ENDPOINT_URL_S3", s3.toString());
    trainer.environment().put("AWS_ACCESS_KEY_ID", "local");
    trainer.environment().put("AWS_SECRET_ACCESS_KEY", "local");
    process = trainer.start();
    output = process.inputReader(UTF_8);
  }

  /** Waits until it says something, or has ended. */
  void awaitLine(String text) throws IOException {
    String line = output.readLine();
    while (line != null) {
      said.append(line).append('\n');
      line = line.contains(text) ? null : output.readLine();
    }
  }

  /** Ends it at once, as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end, as {@code kill} does. */
  void terminate() {
    process.toHandle().destroy(); // the process' own method would close its output, too
  }

  /** Waits for its end, and returns the exit code. */
  int exitCode() throws InterruptedException {
    output.lines().forEach(line -> said.append(line).append('\n'));
    return process.waitFor();
  }

  /** Everything it has said so far. */
  String said() {
    return said.toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      output.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
