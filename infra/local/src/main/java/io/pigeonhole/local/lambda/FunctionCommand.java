package io.pigeonhole.local.lambda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What to run so that a process of the functions speaks the Runtime API.
 *
 * @param words the program and its arguments
 * @param problem what is missing, empty when it can be run
 */
public record FunctionCommand(List<String> words, String problem) {

  /**
   * The JVM build, which speaks the Runtime API itself when it is run as a program.
   *
   * @param build the folder {@code functions/target}
   */
  public static FunctionCommand jvm(Path build, List<String> options) {
    Path runner = build.resolve("functions-runner.jar");
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(options);
    words.addAll(List.of("-jar", runner.toString()));
    String problem =
        Files.isRegularFile(runner)
            ? ""
            : "the functions are not built: " + runner + " is missing; run mvn package first";
    return new FunctionCommand(List.copyOf(words), problem);
  }
}
