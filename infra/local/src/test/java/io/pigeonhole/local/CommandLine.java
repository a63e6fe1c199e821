package io.pigeonhole.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The packaged command line, over the API of a product.
 *
 * @param folder for what it prints
 */
record CommandLine(RunningProduct product, Path folder) {
  private static final Path JAR = Path.of(System.getProperty("local.trainer"));

  /** What a command has left. */
  record Ended(int exit, String out, String err) {}

  /** Runs a command until it ends. */
  Ended run(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script().toString()));
    command.addAll(List.of(args));
    return ended(command);
  }

  /** Runs it as it was called before, {@code java -jar trainer.jar} and the like. */
  Ended runAsBefore(List<String> java, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.forEach(word -> command.add(word.equals("trainer.jar") ? JAR.toString() : word));
    command.addAll(List.of(args));
    return ended(command);
  }

  /** The script that starts the program. */
  static Path script() {
    return JAR.resolveSibling("pigeonhole").normalize();
  }

  /** Which Java the script takes, and what it is told: it does little, and starts often. */
  static Map<String, String> environment() {
    return Map.of(
        "JAVA_HOME",
        System.getProperty("java.home"),
        "JAVA_OPTS",
        String.join(" ", Functions.JVM_OPTIONS));
  }

  private Ended ended(List<String> command) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment());
    builder.environment().put("PIGEONHOLE_API", product.product().api().toString());
    int exit = builder.start().waitFor();
    return new Ended(exit, read(out), read(err));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
