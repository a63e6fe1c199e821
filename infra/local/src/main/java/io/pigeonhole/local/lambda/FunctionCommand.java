package io.pigeonhole.local.lambda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What to run so that a process of the functions speaks the Runtime API.
 *
 * @param words the program and its arguments
 * @param folder where it was built, beside TensorFlow's library
 * @param problem what is missing, empty when it can be run
 */
public record FunctionCommand(List<String> words, Path folder, String problem) {
  /** Built beside the functions: starts a program with what makes it fast on this processor. */
  private static final String START = "start";

  /**
   * Either build, which both speak the Runtime API themselves.
   *
   * @param functions the folder {@code functions/target}, for the JVM build there; or an executable
   *     in it, such as the native build
   * @param options of the JVM, which an executable does not get
   * @param properties system properties, as {@code -Dname=value}
   */
  public static FunctionCommand of(Path functions, List<String> options, List<String> properties) {
    return Files.isRegularFile(functions)
        ? executable(functions, properties)
        : jvm(functions, options, properties);
  }

  private static FunctionCommand executable(Path file, List<String> properties) {
    List<String> words = new ArrayList<>(start(file.resolveSibling("")));
    words.add(file.toString());
    words.addAll(properties);
    String problem =
        Files.isExecutable(file)
            ? missing(file.resolveSibling(START))
            : "the functions cannot be run: " + file + " is no program";
    return new FunctionCommand(List.copyOf(words), file.resolveSibling(""), problem);
  }

  private static FunctionCommand jvm(Path build, List<String> options, List<String> properties) {
    Path runner = build.resolve("functions-runner.jar");
    List<String> words = new ArrayList<>(start(build));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(options);
    words.addAll(properties);
    // where the AWS CRT's library is, which it would unpack at each start
    words.add("-Djava.library.path=" + build.resolve("crt"));
    words.addAll(List.of("-jar", runner.toString()));
    String problem = missing(runner).isEmpty() ? missing(build.resolve(START)) : missing(runner);
    return new FunctionCommand(List.copyOf(words), build, problem);
  }

  private static String missing(Path file) {
    return Files.isRegularFile(file)
        ? ""
        : "the functions are not built: " + file + " is missing; run mvn package first";
  }

  /** Goes before a program and its arguments: what is said to TensorFlow on this processor. */
  public static List<String> start(Path build) {
    return List.of("/bin/sh", build.resolve(START).toString());
  }
}
