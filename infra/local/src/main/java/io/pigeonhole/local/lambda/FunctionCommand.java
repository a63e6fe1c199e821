package io.pigeonhole.local.lambda;

import java.io.File;
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
   * The JVM build, with the settings that make a function start fast.
   *
   * @param build the folder {@code functions/target}
   */
  public static FunctionCommand jvm(Path build, List<String> options) {
    Path runner = build.resolve("functions-runner.jar");
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(options);
    words.addAll(
        List.of(
            "-cp",
            runner + File.pathSeparator + build.resolve("lib") + File.separator + "*",
            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
            "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest"));
    String problem =
        Files.isRegularFile(runner)
            ? ""
            : "the functions are not built: " + runner + " is missing; run mvn package first";
    return new FunctionCommand(List.copyOf(words), problem);
  }
}
