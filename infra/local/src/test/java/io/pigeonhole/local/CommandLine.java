package io.pigeonhole.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The packaged command line, over the API of a product.
 *
 * @param folder for what it prints
 */
record CommandLine(RunningProduct product, Path folder) {
  private static final Path JAR =
      Path.of(System.getProperty("basedir"), "..", "..", "trainer", "target", "trainer.jar");

  /** What a command has left. */
  record Ended(int exit, String out, String err) {}

  /** Runs a command until it ends. */
  Ended run(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(Functions.JVM_OPTIONS);
    command.addAll(List.of("-cp", JAR.toString(), "io.pigeonhole.client.Pigeonhole"));
    command.addAll(List.of(args));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("PIGEONHOLE_API", product.product().api().toString());
    int exit = builder.start().waitFor();
    return new Ended(exit, read(out), read(err));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
