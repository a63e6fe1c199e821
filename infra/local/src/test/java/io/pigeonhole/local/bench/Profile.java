package io.pigeonhole.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the Java code of a running JVM spends its processor time, by the JDK's Flight Recorder. Of
 * native methods it counts those that write: the others mostly wait. What is computed by
 * TensorFlow, decoding included, is left out: Flight Recorder does not see the threads of it.
 */
public final class Profile {
  private static final String REST = "everything else";

  /** By the first of these names, from the top, that is in a stack. */
  private static final Map<String, List<String>> PARTS = new LinkedHashMap<>();

  static {
    PARTS.put("", List.of("io.pigeonhole.image.", "org.tensorflow.", "io.pigeonhole.inference."));
    PARTS.put("signing", List.of(".signer.", ".http.auth."));
    PARTS.put("HTTP", List.of(".http.crt.", ".awssdk.crt.", "java.net."));
    PARTS.put("the rest of the SDK", List.of("software.amazon.awssdk."));
    PARTS.put("events, results, metrics and log", List.of("io.pigeonhole.", "com.fasterxml."));
  }

  private Profile() {}

  /**
   * Profiles what a JVM does meanwhile.
   *
   * @param recording where Flight Recorder's file goes
   * @return the share of each part
   */
  public static Map<String, Double> of(ProcessHandle process, Path recording, Callable<?> meanwhile)
      throws Exception {
    String file = "filename=" + recording.toAbsolutePath();
    jcmd(process, "JFR.start", "name=profile", "settings=profile");
    try {
      meanwhile.call();
    } finally {
      jcmd(process, "JFR.stop", "name=profile", file);
    }
    return shares(recording);
  }

  private static void jcmd(ProcessHandle process, String... command)
      throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> line =
        Stream.concat(
                Stream.of(program.toString(), Long.toString(process.pid())), Stream.of(command))
            .toList();
    Path said = Files.createTempFile("jcmd", ".txt");
    try {
      int exit =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IOException(Files.readString(said));
      }
    } finally {
      Files.delete(said);
    }
  }

  private static Map<String, Double> shares(Path recording) throws IOException {
    Map<String, Double> parts = new LinkedHashMap<>();
    PARTS.keySet().forEach(part -> parts.put(part, 0.0));
    parts.put(REST, 0.0);
    for (RecordedEvent event : RecordingFile.readAllEvents(recording)) {
      RecordedStackTrace stack = event.getStackTrace();
      if (stack != null
          && !stack.getFrames().isEmpty()
          && isComputing(event.getEventType().getName(), stack)) {
        parts.merge(part(stack), 1.0, Double::sum);
      }
    }
    parts.remove("");
    double all = parts.values().stream().mapToDouble(Double::doubleValue).sum();
    parts.replaceAll((part, samples) -> samples / all);
    return parts;
  }

  private static boolean isComputing(String event, RecordedStackTrace stack) {
    String method = stack.getFrames().get(0).getMethod().getName();
    return event.equals("jdk.ExecutionSample")
        || (event.equals("jdk.NativeMethodSample") && method.equals("write0"));
  }

  private static String part(RecordedStackTrace stack) {
    List<String> classes =
        stack.getFrames().stream().map(frame -> frame.getMethod().getType().getName()).toList();
    return PARTS.entrySet().stream()
        .filter(
            part ->
                part.getValue().stream()
                    .anyMatch(name -> classes.stream().anyMatch(type -> type.contains(name))))
        .findFirst()
        .map(Map.Entry::getKey)
        .orElse(REST);
  }
}
