package io.pigeonhole.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/** Pillow in a process of its own, told of one file after the other ({@code bench/pillow.py}). */
final class Pillow implements AutoCloseable {
  private final Process process;
  private final PrintStream in;
  private final BufferedReader out;

  private Pillow(Process process) {
    this.process = process;
    this.in = new PrintStream(process.getOutputStream(), true);
    this.out = process.inputReader();
  }

  /** Starts it; empty if this Python has no Pillow. */
  static Optional<Pillow> start(String python) throws IOException {
    Process process =
        new ProcessBuilder(python, "bench/pillow.py")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Pillow pillow = new Pillow(process);
    pillow.in.println("no such file");
    return pillow.out.readLine() == null ? Optional.empty() : Optional.of(pillow);
  }

  /** The milliseconds that it takes to decode a file; not a number if it cannot. */
  double millis(Path file) throws IOException {
    in.println(file);
    return Double.parseDouble(out.readLine());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
